using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Demo.Cluster;

/// <summary>Installs the product, Prometheus and a store of models the way a person would: with Helm, kubectl and manifests.</summary>
internal sealed class Installation(Repository repository, Kubectl kubectl, Helm helm, IKubernetesClient client, string kubeconfig)
{
    public const string SystemNamespace = "modeloperator-system";

    private const string Release = "modeloperator";

    private const string DefaultModelStore = "127.0.0.1:8500";

    /// <summary>Where the sample models are served from; the sample manifests say <c>127.0.0.1:8500</c>.</summary>
    public string ModelStore { get; } = $"127.0.0.1:{FreePort(8500)}";

    /// <summary>Applies everything and waits until all of it is available.</summary>
    public async Task InstallAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        await kubectl.RunAsync(cancellationToken, "create", "namespace", SystemNamespace);
        await kubectl.RunAsync(
            cancellationToken,
            "create", "configmap", "prometheus-config", "--namespace", SystemNamespace,
            "--from-file=" + await RenderAsync(Quickstart("prometheus.yml"), cancellationToken));
        // The Service first: its address reaches the operator's environment only when it is there before the pod.
        await kubectl.RunAsync(cancellationToken, "apply", "-f", Quickstart("prometheus.yaml"));
        await ApplyRenderedAsync(Quickstart("model-store.yaml"), cancellationToken);
        progress("applied samples/quickstart/: Prometheus, model store");
        await InstallChartAsync(cancellationToken);
        progress("installed charts/modeloperator with helm: operator, router, permissions");

        foreach (var name in (string[])["prometheus", "model-store"])
        {
            await kubectl.RunAsync(
                cancellationToken, "wait", "--for=condition=Available", "--timeout=60s", "--namespace", SystemNamespace, "deployment/" + name);
        }

        progress("operator, router and Prometheus are available");
    }

    /// <summary>Applies the chart's built-in ServingRuntime alone, for clusters whose operator is not the chart's.</summary>
    public static async Task ApplyServingRuntimeAsync(Repository repository, string kubeconfig, CancellationToken cancellationToken)
    {
        var manifest = Path.Combine(Path.GetDirectoryName(kubeconfig)!, "servingruntime.yaml");
        var rendered = await new Helm(kubeconfig).RunAsync(
            cancellationToken,
            "template", Release, repository.PathOf("charts", "modeloperator"), "--show-only", "templates/runtime/servingruntime.yaml");
        await File.WriteAllTextAsync(manifest, rendered, cancellationToken);
        await new Kubectl(kubeconfig).RunAsync(cancellationToken, "apply", "-f", manifest);
    }

    /// <summary>Installs the chart alone and waits until it works.</summary>
    public Task InstallChartAsync(CancellationToken cancellationToken) => helm.RunAsync(
        cancellationToken,
        "install", Release, repository.PathOf("charts", "modeloperator"), "--namespace", SystemNamespace,
        "--values", Quickstart("values.yaml"), "--wait", "--timeout", "120s");

    /// <summary>Removes all that was installed, and waits until it is gone.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await kubectl.RunAsync(cancellationToken, "delete", "modeldeployments,rollbackpolicies", "--all", "--namespace", "default", "--wait");
        await helm.RunAsync(cancellationToken, "uninstall", Release, "--namespace", SystemNamespace, "--wait");
        await kubectl.RunAsync(cancellationToken, "delete", "namespace", SystemNamespace, "--wait");
        await kubectl.RunAsync(cancellationToken, "delete", "-f", repository.PathOf("crds"), "--wait");
    }

    /// <summary>Applies a sample manifest, with the address of this installation's model store in it.</summary>
    /// <returns>The path of what was applied.</returns>
    public async Task<string> ApplyRenderedAsync(string manifest, CancellationToken cancellationToken)
    {
        var rendered = await RenderAsync(manifest, cancellationToken);
        await kubectl.RunAsync(cancellationToken, "apply", "-f", rendered);
        return rendered;
    }

    private async Task<string> RenderAsync(string manifest, CancellationToken cancellationToken)
    {
        var text = (await File.ReadAllTextAsync(manifest, cancellationToken))
            .Replace("KUBECONFIG_FILE", kubeconfig, StringComparison.Ordinal)
            .Replace(DefaultModelStore, ModelStore, StringComparison.Ordinal)
            .Replace("\"8500\"", $"\"{ModelStore.Split(':')[1]}\"", StringComparison.Ordinal)
            .Replace("port: 8500", $"port: {ModelStore.Split(':')[1]}", StringComparison.Ordinal)
            .Replace("SAMPLES_DIRECTORY", repository.PathOf("samples"), StringComparison.Ordinal);
        var rendered = Path.Combine(Path.GetDirectoryName(kubeconfig)!, "manifests", Path.GetFileName(manifest));
        Directory.CreateDirectory(Path.GetDirectoryName(rendered)!);
        await File.WriteAllTextAsync(rendered, text, cancellationToken);
        return rendered;
    }

    /// <summary>The address of the router.</summary>
    public async Task<Uri> RouterAsync(CancellationToken cancellationToken)
    {
        var service = await client.GetAsync<V1Service>("modelrouter", SystemNamespace, cancellationToken)
            ?? throw new InvalidOperationException("Service modelrouter is gone");
        return new Uri($"http://{service.Spec?.ClusterIP}");
    }

    private static int FreePort(int wanted)
    {
        foreach (var port in (int[])[wanted, 0])
        {
            try
            {
                using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
                listener.Start();
                return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (System.Net.Sockets.SocketException) when (port != 0)
            {
                continue;
            }
        }

        throw new InvalidOperationException("no free port on 127.0.0.1");
    }

    private string Quickstart(string file) => repository.PathOf("samples", "quickstart", file);
}
