using System.Net;
using ModelOperator.DevCluster.Node.Images;
using ModelOperator.DevCluster.Node.Processes;
using ModelOperator.DevCluster.Node.Volumes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Containers;

/// <summary>Turns a container's spec into the process to start.</summary>
internal sealed class ContainerComposer(NodeOptions options, ImageMap images, EnvironmentBuilder environment, PodIdentity identity)
{
    /// <exception cref="ImageNotFoundException">Nothing stands for its image.</exception>
    /// <exception cref="ContainerConfigException">Its environment refers to what is not there.</exception>
    /// <exception cref="ExecutableNotFoundException">Its command is no program.</exception>
    public async Task<LaunchSpec> ComposeAsync(
        V1Pod pod, V1Container container, PodDirectory directory, IPAddress podIP, int attempt, CancellationToken cancellationToken)
    {
        var image = images.Resolve(container.Image ?? "");
        directory.Prepare(container.Name, attempt);
        var given = Given(pod, container, image, directory);
        if (await identity.KubeconfigAsync(pod, cancellationToken) is { } kubeconfig)
        {
            given["KUBECONFIG"] = directory.WriteKubeconfig(container.Name, kubeconfig);
        }

        var variables = await environment.BuildAsync(
            pod, container, given, podIP.ToString(), options.Address.ToString(), cancellationToken);
        VolumeMounter.ProvideSubPaths(pod, container, directory);
        var mounts = VolumeMounter.TableOf(pod, container, directory);
        var spec = new LaunchSpec(
            [.. Words(image, container).Select(word => IsOfImage(image, word) ? word : mounts.Rewrite(VariableExpansion.Expand(word, variables)))],
            variables.ToDictionary(v => v.Key, v => IsOfThisNode(v.Value, directory) ? v.Value : mounts.Rewrite(v.Value)),
            WorkingDirectory(container, mounts, directory),
            directory.LogOf(container.Name, attempt));
        if (spec.Command.Count == 0)
        {
            throw new ContainerConfigException("no command specified");
        }

        var path = spec.Environment.GetValueOrDefault("PATH");
        return ExecutablePath.Find(spec.Command[0], path, spec.WorkingDirectory) is null
            ? throw new ExecutableNotFoundException(spec.Command[0], path)
            : spec;
    }

    /// <summary>A command to run beside a container's process, as <c>exec</c> does.</summary>
    public static LaunchSpec Beside(LaunchSpec container, MountTable mounts, IList<string> command) =>
        container with { Command = [.. command.Select(mounts.Rewrite)], LogFile = "/dev/null" };

    /// <summary><c>command</c> replaces the image's entry point and with it its default args; <c>args</c> replace only those.</summary>
    internal static IEnumerable<string> Words(LocalImage image, V1Container container)
    {
        var hasCommand = container.Command is { Count: > 0 };
        IEnumerable<string> entryPoint = hasCommand ? container.Command! : image.Command ?? [];
        IEnumerable<string> args = container.Args is { Count: > 0 } given ? given : hasCommand ? [] : image.Args ?? [];
        return entryPoint.Concat(args);
    }

    // A program of this machine that stands for an image is where it is, also when the pod has a volume at a folder above it.
    private static bool IsOfImage(LocalImage image, string word) => image.Command?.Contains(word) == true || image.Args?.Contains(word) == true;

    // A path that the node gave is where it says, also when the pod has a volume at /tmp.
    private static bool IsOfThisNode(string value, PodDirectory directory) => value.StartsWith(directory.Root + "/", StringComparison.Ordinal);

    private Dictionary<string, string> Given(V1Pod pod, V1Container container, LocalImage image, PodDirectory directory)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LANG"] = "C.UTF-8",
            ["TMPDIR"] = directory.TemporaryDirectoryOf(container.Name),
            ["HOSTNAME"] = pod.Spec?.Hostname ?? pod.Metadata.Name ?? "",
            ["KUBERNETES_SERVICE_HOST"] = options.ApiServer.Host,
            ["KUBERNETES_SERVICE_PORT"] = $"{options.ApiServer.Port}",
        };
        foreach (var name in (ReadOnlySpan<string>)["PATH", "HOME", "DOTNET_ROOT"])
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
            {
                given[name] = value;
            }
        }

        foreach (var (name, value) in image.Env ?? new Dictionary<string, string>())
        {
            given[name] = value;
        }

        return given;
    }

    private static string WorkingDirectory(V1Container container, MountTable mounts, PodDirectory directory)
    {
        var own = directory.WorkingDirectoryOf(container.Name);
        return container.WorkingDir is { Length: > 0 } asked && mounts.Rewrite(asked) is var placed && placed != asked && Directory.Exists(placed)
            ? placed
            : own;
    }
}
