using System.Diagnostics.CodeAnalysis;
using ModelOperator.DevCluster.Node.Containers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Volumes;

/// <summary>Provides the volumes of a pod as files and folders.</summary>
[SuppressMessage("Interoperability", "CA1416", Justification = "The node runs on Linux only.")]
internal sealed class VolumeMounter(IConfigSource config)
{
    private const int DefaultMode = 0b110_100_100;

    /// <summary>Makes every volume of a pod.</summary>
    /// <exception cref="VolumeException">One cannot be made; the message says which and why.</exception>
    public async Task MountAsync(V1Pod pod, PodDirectory directory, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory.Root);
        var namespaceName = pod.Metadata.NamespaceProperty ?? "default";
        foreach (var volume in pod.Spec?.Volumes ?? [])
        {
            var folder = directory.VolumeOf(volume.Name);
            switch (volume)
            {
                case { ConfigMap: { } map }:
                    var values = await config.GetConfigMapAsync(namespaceName, map.Name ?? "", cancellationToken);
                    Write(volume.Name, folder, $"configmap \"{map.Name}\"", values, map.Items, map.DefaultMode, map.Optional == true);
                    break;
                case { Secret: { } secret }:
                    var secrets = await config.GetSecretAsync(namespaceName, secret.SecretName ?? "", cancellationToken);
                    Write(volume.Name, folder, $"secret \"{secret.SecretName}\"", secrets, secret.Items, secret.DefaultMode, secret.Optional == true);
                    break;
                case { HostPath: { } host }:
                    CheckHostPath(volume.Name, host);
                    break;
                case { PersistentVolumeClaim: { } claim }:
                    throw new VolumeException(volume.Name, $"persistentvolumeclaim \"{claim.ClaimName}\" not found: this node has no storage classes");
                default:
                    Directory.CreateDirectory(folder);
                    break;
            }
        }
    }

    /// <summary>Where the mounts of a container lie.</summary>
    public static MountTable TableOf(V1Pod pod, V1Container container, PodDirectory directory)
    {
        var volumes = (pod.Spec?.Volumes ?? []).ToDictionary(v => v.Name);
        var mounts = (container.VolumeMounts ?? []).Select(mount =>
        {
            var path = volumes.TryGetValue(mount.Name, out var volume) && volume.HostPath is { } host ? host.Path : directory.VolumeOf(mount.Name);
            return (mount.MountPath, mount.SubPath is { Length: > 0 } sub ? Path.Combine(path, sub) : path);
        });
        return new MountTable([.. mounts, (TerminationMessagePath(container), directory.TerminationMessageOf(container.Name))]);
    }

    private static string TerminationMessagePath(V1Container container) => container.TerminationMessagePath ?? "/dev/termination-log";

    private static void Write(
        string volume,
        string folder,
        string source,
        IReadOnlyDictionary<string, byte[]>? values,
        IList<V1KeyToPath>? items,
        int? defaultMode,
        bool optional)
    {
        if (values is null && !optional)
        {
            throw new VolumeException(volume, $"{source} not found");
        }

        values ??= new Dictionary<string, byte[]>();
        var files = items is { Count: > 0 }
            ? items.Select(i => (i.Key, i.Path, i.Mode))
            : values.Keys.Select(k => (Key: k, Path: k, Mode: (int?)null));
        Directory.CreateDirectory(folder);
        foreach (var (key, path, mode) in files)
        {
            if (values.TryGetValue(key, out var value))
            {
                WriteFile(Inside(volume, folder, path), value, mode ?? defaultMode ?? DefaultMode);
            }
            else if (!optional)
            {
                throw new VolumeException(volume, $"references non-existent {source} key: {key}");
            }
        }
    }

    private static string Inside(string volume, string folder, string path)
    {
        var full = Path.GetFullPath(path, folder);
        return full.StartsWith(folder + '/', StringComparison.Ordinal)
            ? full
            : throw new VolumeException(volume, $"path {path} leads out of the volume");
    }

    private static void WriteFile(string path, byte[] value, int mode)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Delete(path);
        using (var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            // Never readable by others, not even for a moment.
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            file.Write(value);
        }

        File.SetUnixFileMode(path, (UnixFileMode)mode & (UnixFileMode)0xFFF);
    }

    private static void CheckHostPath(string volume, V1HostPathVolumeSource host)
    {
        switch (host.Type)
        {
            case "DirectoryOrCreate":
                Directory.CreateDirectory(host.Path);
                break;
            case "FileOrCreate" when !File.Exists(host.Path):
                File.WriteAllBytes(host.Path, []);
                break;
            case "Directory" when !Directory.Exists(host.Path):
                throw new VolumeException(volume, $"hostPath type check failed: {host.Path} is not a directory");
            case "File" when !File.Exists(host.Path):
                throw new VolumeException(volume, $"hostPath type check failed: {host.Path} is not a file");
            default:
                break;
        }
    }
}
