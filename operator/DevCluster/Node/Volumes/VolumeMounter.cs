using System.Net;
using ModelOperator.DevCluster.Node.Containers;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Volumes;

/// <summary>Provides the volumes of a pod as files and folders.</summary>
internal sealed class VolumeMounter(NodeOptions options, VolumeContents contents, IConfigSource config, TimeProvider time)
{
    /// <summary>Makes every volume of a pod.</summary>
    /// <exception cref="VolumeException">One cannot be made; the message says which and why.</exception>
    public async Task MountAsync(V1Pod pod, PodDirectory directory, IPAddress podIP, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(directory.Root);
        foreach (var volume in pod.Spec?.Volumes ?? [])
        {
            var folder = directory.VolumeOf(volume.Name);
            switch (volume)
            {
                case { HostPath: { } host }:
                    CheckHostPath(volume.Name, host);
                    break;
                case { PersistentVolumeClaim: { } claim }:
                    await LinkClaimAsync(volume.Name, folder, pod.Metadata.NamespaceProperty ?? "default", claim.ClaimName, cancellationToken);
                    break;
                case var _ when VolumeContents.Has(volume):
                    AtomicFolder.Write(volume.Name, folder, await contents.ReadAsync(volume, pod, podIP, cancellationToken));
                    break;
                case { EmptyDir: not null }:
                    Directory.CreateDirectory(folder);
                    break;
                default:
                    throw new VolumeException(
                        volume.Name, "this node has emptyDir, configMap, secret, downwardAPI, projected, hostPath and persistentVolumeClaim only");
            }
        }
    }

    /// <summary>Brings what changes in the API into the files until cancelled. What goes missing stays as it was.</summary>
    public async Task KeepFreshAsync(Func<V1Pod> current, PodDirectory directory, IPAddress podIP, CancellationToken cancellationToken)
    {
        var volumes = (current().Spec?.Volumes ?? []).Where(VolumeContents.Has).ToList();
        if (volumes.Count == 0)
        {
            return;
        }

        using var timer = new PeriodicTimer(options.VolumeRefreshInterval, time);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            foreach (var volume in volumes)
            {
                try
                {
                    AtomicFolder.Write(volume.Name, directory.VolumeOf(volume.Name), await contents.ReadAsync(volume, current(), podIP, cancellationToken));
                }
                catch (Exception e) when (e is VolumeException or KubernetesException or HttpRequestException or IOException or TimeoutException)
                {
                    // The next look may find it.
                }
            }
        }
    }

    /// <summary>Where the mounts of a container lie.</summary>
    public static MountTable TableOf(V1Pod pod, V1Container container, PodDirectory directory)
    {
        var volumes = (pod.Spec?.Volumes ?? []).ToDictionary(v => v.Name);
        var mounts = (container.VolumeMounts ?? []).Select((mount, index) =>
        {
            var volume = volumes.GetValueOrDefault(mount.Name);
            var path = volume?.HostPath?.Path ?? directory.VolumeOf(mount.Name);
            return mount.SubPath is not { Length: > 0 } sub ? (mount.MountPath, path)
                : volume is not null && VolumeContents.Has(volume) ? (mount.MountPath, directory.SubPathOf(container.Name, index))
                : (mount.MountPath, Path.Combine(path, sub));
        });
        return new MountTable([.. mounts, (TerminationMessagePath(container), directory.TerminationMessageOf(container.Name))]);
    }

    /// <summary>Gives a container its own copy of what it mounts by subPath from volumes that are kept fresh.</summary>
    /// <exception cref="ContainerConfigException">There is no such path in the volume.</exception>
    public static void ProvideSubPaths(V1Pod pod, V1Container container, PodDirectory directory)
    {
        var fresh = (pod.Spec?.Volumes ?? []).Where(VolumeContents.Has).Select(v => v.Name).ToHashSet();
        foreach (var (index, mount) in (container.VolumeMounts ?? []).Index())
        {
            if (mount.SubPath is not { Length: > 0 } sub)
            {
                continue;
            }

            var source = Path.Combine(directory.VolumeOf(mount.Name), sub);
            var target = directory.SubPathOf(container.Name, index);
            if (!fresh.Contains(mount.Name))
            {
                continue;
            }

            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            if (File.Exists(source))
            {
                File.Copy(source, target, overwrite: true);
            }
            else if (Directory.Exists(source))
            {
                Directory.CreateDirectory(target);
                foreach (var file in Directory.GetFiles(source))
                {
                    File.Copy(file, Path.Combine(target, Path.GetFileName(file)), overwrite: true);
                }
            }
            else
            {
                throw new ContainerConfigException($"failed to prepare subPath for volumeMount \"{mount.Name}\" of container \"{container.Name}\"");
            }
        }
    }

    /// <summary>Deletes what claims held: it ends with the node.</summary>
    public static void DeleteClaims(NodeOptions options)
    {
        if (Directory.Exists(ClaimsOf(options)))
        {
            Directory.Delete(ClaimsOf(options), recursive: true);
        }
    }

    private static string ClaimsOf(NodeOptions options) => Path.Combine(options.StateDirectory, "claims");

    private static string TerminationMessagePath(V1Container container) => container.TerminationMessagePath ?? "/dev/termination-log";

    /// <summary>The folder of a bound claim is the same for every pod that names it.</summary>
    private async Task LinkClaimAsync(string volume, string folder, string namespaceName, string claim, CancellationToken cancellationToken)
    {
        var bound = await config.GetBoundVolumeAsync(namespaceName, claim, cancellationToken)
            ?? throw new VolumeException(volume, $"persistentvolumeclaim \"{claim}\" not found");
        if (bound.Length == 0)
        {
            throw new VolumeException(volume, $"PVC {namespaceName}/{claim} is not bound");
        }

        var held = Path.Combine(ClaimsOf(options), bound);
        Directory.CreateDirectory(held);
        Directory.CreateDirectory(Path.GetDirectoryName(folder)!);
        if (!Directory.Exists(folder))
        {
            Directory.CreateSymbolicLink(folder, held);
        }
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
