using System.CommandLine;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Judgement.Prometheus;
using ModelOperator.Kubernetes.Builder;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.CustomResources;
using ModelOperator.Kubernetes.Hosting;

namespace ModelOperator.Controller.Hosting;

/// <summary>The command line. What can be set by an option can be set by an environment variable, as pods do.</summary>
internal static class OperatorCommands
{
    public static RootCommand Root() => new("Brings machine learning models into production and keeps them there.") { Run(), Manifests() };

    private static Command Run()
    {
        var kubeconfig = Text("--kubeconfig", null, "A kubeconfig file; default: $KUBECONFIG, ~/.kube/config, then the pod's service account.");
        var prometheus = Text("--prometheus", "PROMETHEUS_ADDRESS", "The Prometheus of policies that name none, for example http://prometheus.monitoring:9090.");
        var router = Text("--router-url", "ROUTER_URL", "Where clients reach the routers; default: http://modelrouter.<namespace of the operator>.");
        var scope = Text("--namespace", "WATCH_NAMESPACE", "The only namespace in which ModelDeployments are looked at; default: all.");
        var workers = new Option<int>("--workers") { Description = "ModelDeployments worked on at the same time.", DefaultValueFactory = _ => 8 };
        var election = new LeaderElectionFlags();
        var command = new Command("run", "Runs the operator.") { kubeconfig, prometheus, router, scope, workers };
        election.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            Uri? address = null;
            if (result.GetValue(prometheus) is { Length: > 0 } text && !PrometheusAddress.TryParse(text, out address, out var problem))
            {
                await Console.Error.WriteLineAsync($"--prometheus or PROMETHEUS_ADDRESS: {problem}");
                return 2;
            }

            var options = election.ApplyTo(new OperatorOptions
            {
                Namespace = result.GetValue(scope),
                Kubeconfig = result.GetValue(kubeconfig),
                PrometheusAddress = address,
                RouterUrl = (result.GetValue(router) ?? $"http://modelrouter.{OperatorOptions.Home}").TrimEnd('/'),
                Workers = Math.Clamp(result.GetValue(workers), 1, 256),
            }, result);
            return await RunAsync(options, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(OperatorOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await using var app = OperatorHost.Build(options);
            var exit = app.Services.GetRequiredService<OperatorExit>();
            await app.RunAsync(cancellationToken);
            return exit.Code;
        }
        catch (Exception refusal) when (refusal is OperatorRegistrationException or KubernetesConfigurationException)
        {
            await Console.Error.WriteLineAsync(refusal.Message);
            return 2;
        }
    }

    private static Command Manifests()
    {
        var directory = new Argument<string>("directory") { Description = "Where the files go; it is created." };
        var reference = new Option<string?>("--reference") { Description = "A file that gets the fields as a page of Markdown." };
        var command = new Command("manifests", "Writes the custom resource definitions as YAML files.") { directory, reference };
        command.SetAction(result =>
        {
            foreach (var path in CustomResourceDefinitionWriter.WriteAll(typeof(V1Alpha1ModelDeployment).Assembly, result.GetRequiredValue(directory)))
            {
                Console.WriteLine(path);
            }

            if (result.GetValue(reference) is { } page)
            {
                File.WriteAllText(page, FieldReference.Render(typeof(V1Alpha1ModelDeployment).Assembly));
                Console.WriteLine(page);
            }

            return 0;
        });
        return command;
    }

    private static Option<string?> Text(string name, string? variable, string description) => new(name)
    {
        Description = variable is null ? description : $"{description} Or ${variable}.",
        DefaultValueFactory = _ => variable is not null && Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null,
    };
}
