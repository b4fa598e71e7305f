using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelOperator.Kubernetes.Client.Kubeconfig;

/// <summary>The <c>exec</c> of a user: the program that makes the credentials.</summary>
internal sealed class ExecSection(KubeconfigFile file, string field, KubeconfigExec exec)
{
    private const string ConfigExtension = "client.authentication.k8s.io/exec";
    private static readonly string[] Versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

    public ExecCredentialPlugin Read(List<KubeconfigExtension>? clusterExtensions)
    {
        if (string.IsNullOrEmpty(exec.Command))
        {
            throw file.Fault($"{field}.command", "is missing");
        }

        if (string.IsNullOrEmpty(exec.ApiVersion) || !Versions.Contains(exec.ApiVersion))
        {
            throw file.Fault($"{field}.apiVersion", $"is not one of {string.Join(", ", Versions)}");
        }

        var config = clusterExtensions?.Find(entry => entry?.Name == ConfigExtension)?.Extension;
        return new ExecCredentialPlugin
        {
            // A path is the kubeconfig's own; a bare name is looked for in PATH.
            Command = exec.Command.Contains(Path.DirectorySeparatorChar) ? file.Resolve(exec.Command) : exec.Command,
            ApiVersion = exec.ApiVersion,
            Arguments = exec.Args ?? [],
            Environment = Environment(),
            ProvideClusterInfo = exec.ProvideClusterInfo,
            ClusterConfig = config is null ? null : JsonNode.Parse(JsonSerializer.Serialize(WithTextKeys(config))),
            InteractiveMode = InteractiveMode(),
            InstallHint = string.IsNullOrEmpty(exec.InstallHint) ? null : exec.InstallHint,
        };
    }

    private static object? WithTextKeys(object? yaml) => yaml switch
    {
        IDictionary<object, object> map => map.ToDictionary(pair => pair.Key.ToString()!, pair => WithTextKeys(pair.Value)),
        IList<object> list => list.Select(WithTextKeys).ToList(),
        _ => yaml,
    };

    private Dictionary<string, string> Environment()
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in exec.Env ?? [])
        {
            if (string.IsNullOrEmpty(variable?.Name))
            {
                throw file.Fault($"{field}.env", "has an entry without a name");
            }

            variables[variable.Name] = variable.Value ?? "";
        }

        return variables;
    }

    private ExecInteractiveMode InteractiveMode() => exec.InteractiveMode switch
    {
        "Never" => ExecInteractiveMode.Never,
        "IfAvailable" => ExecInteractiveMode.IfAvailable,
        "Always" => ExecInteractiveMode.Always,
        null or "" when exec.ApiVersion == Versions[1] => ExecInteractiveMode.IfAvailable,
        null or "" => throw file.Fault($"{field}.interactiveMode", $"is missing; {Versions[0]} demands it"),
        _ => throw file.Fault($"{field}.interactiveMode", "is not Never, IfAvailable or Always"),
    };
}
