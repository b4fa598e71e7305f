using System.Net;
using System.Text;
using ModelOperator.DevCluster.Node.Containers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Volumes;

/// <summary>Works out the files of the volumes that come from the API: configMap, secret, downwardAPI and projected.</summary>
internal sealed class VolumeContents(IConfigSource config, ResourceFields resources, IPAddress hostIP)
{
    private const int DefaultMode = 0b110_100_100;

    /// <summary>Whether a volume is one of those.</summary>
    public static bool Has(V1Volume volume) => volume is { ConfigMap: not null } or { Secret: not null } or { DownwardAPI: not null } or { Projected: not null };

    /// <summary>The files of such a volume now.</summary>
    /// <exception cref="VolumeException">What it refers to is missing and not optional.</exception>
    public async Task<IReadOnlyList<VolumeFile>> ReadAsync(V1Volume volume, V1Pod pod, IPAddress podIP, CancellationToken cancellationToken)
    {
        var space = pod.Metadata.NamespaceProperty ?? "default";
        switch (volume)
        {
            case { ConfigMap: { } map }:
                return await ReadAsync("configmap", map.Name, map.Items, map.Optional, map.DefaultMode);
            case { Secret: { } secret }:
                return await ReadAsync("secret", secret.SecretName, secret.Items, secret.Optional, secret.DefaultMode);
            case { DownwardAPI: { } downward }:
                return Describe(downward.Items, downward.DefaultMode);
            default:
                var files = new List<VolumeFile>();
                foreach (var source in volume.Projected?.Sources ?? [])
                {
                    files.AddRange(await ProjectAsync(source, volume.Projected!.DefaultMode));
                }

                return files;
        }

        async Task<IEnumerable<VolumeFile>> ProjectAsync(V1VolumeProjection source, int? mode) => source switch
        {
            { ConfigMap: { } map } => await ReadAsync("configmap", map.Name, map.Items, map.Optional, mode),
            { Secret: { } secret } => await ReadAsync("secret", secret.Name, secret.Items, secret.Optional, mode),
            { DownwardAPI: { } downward } => Describe(downward.Items, mode),
            { ServiceAccountToken: { } token } => [await TokenAsync(token, mode)],
            _ => throw new VolumeException(volume.Name, "this node projects configMap, secret, downwardAPI and serviceAccountToken only"),
        };

        async Task<IReadOnlyList<VolumeFile>> ReadAsync(string kind, string? name, IList<V1KeyToPath>? items, bool? optional, int? mode)
        {
            var values = kind == "secret"
                ? await config.GetSecretAsync(space, name ?? "", cancellationToken)
                : await config.GetConfigMapAsync(space, name ?? "", cancellationToken);
            return Select(volume.Name, $"{kind} \"{name}\"", values, items, optional == true, mode ?? DefaultMode);
        }

        IReadOnlyList<VolumeFile> Describe(IList<V1DownwardAPIVolumeFile>? items, int? mode) =>
        [
            .. (items ?? []).Select(item => new VolumeFile(
                item.Path,
                Encoding.UTF8.GetBytes(item.FieldRef is { } field
                    ? PodFields.Resolve(field.FieldPath, pod, podIP.ToString(), hostIP.ToString())
                    : resources.Resolve(item.ResourceFieldRef!, pod, self: null)),
                item.Mode ?? mode ?? DefaultMode)),
        ];

        async Task<VolumeFile> TokenAsync(V1ServiceAccountTokenProjection token, int? mode)
        {
            var text = await config.GetTokenAsync(space, pod.Spec?.ServiceAccountName ?? "default", token, cancellationToken);
            return new VolumeFile(token.Path, Encoding.UTF8.GetBytes(text), mode ?? DefaultMode);
        }
    }

    private static IReadOnlyList<VolumeFile> Select(
        string volume, string source, IReadOnlyDictionary<string, byte[]>? values, IList<V1KeyToPath>? items, bool optional, int mode)
    {
        if (values is null)
        {
            return optional ? [] : throw new VolumeException(volume, $"{source} not found");
        }

        if (items is not { Count: > 0 })
        {
            return [.. values.Select(v => new VolumeFile(v.Key, v.Value, mode))];
        }

        var missing = items.FirstOrDefault(i => !values.ContainsKey(i.Key));
        return missing is null || optional
            ? [.. items.Where(i => values.ContainsKey(i.Key)).Select(i => new VolumeFile(i.Path, values[i.Key], i.Mode ?? mode))]
            : throw new VolumeException(volume, $"references non-existent {source} key: {missing.Key}");
    }
}
