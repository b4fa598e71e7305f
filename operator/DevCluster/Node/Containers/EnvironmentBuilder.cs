using System.Text;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Containers;

/// <summary>Computes the environment of a container, in kubelet's order: Services, image, <c>envFrom</c>, <c>env</c>.</summary>
internal sealed class EnvironmentBuilder(IConfigSource config, ResourceFields resources)
{
    /// <summary>The variables, expanded; mount paths are still the container's.</summary>
    /// <exception cref="ContainerConfigException">A ConfigMap, Secret or key that is not optional is missing.</exception>
    public async Task<Dictionary<string, string>> BuildAsync(
        V1Pod pod,
        V1Container container,
        IEnumerable<KeyValuePair<string, string>> given,
        string podIP,
        string hostIP,
        CancellationToken cancellationToken)
    {
        var namespaceName = pod.Metadata.NamespaceProperty ?? "default";
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        if (pod.Spec?.EnableServiceLinks != false)
        {
            Set(variables, ServiceVariables.Of(config.GetServices(namespaceName)));
        }

        Set(variables, given);
        foreach (var source in container.EnvFrom ?? [])
        {
            Set(variables, await AllOfAsync(namespaceName, source, cancellationToken));
        }

        foreach (var variable in container.Env ?? [])
        {
            var value = variable.ValueFrom is { } from
                ? await ValueOfAsync(from, pod, container, namespaceName, podIP, hostIP, cancellationToken)
                : VariableExpansion.Expand(variable.Value ?? "", variables);
            if (value is not null)
            {
                variables[variable.Name] = value;
            }
        }

        return variables;
    }

    private static void Set(Dictionary<string, string> variables, IEnumerable<KeyValuePair<string, string>> more)
    {
        foreach (var (name, value) in more)
        {
            variables[name] = value;
        }
    }

    private async Task<string?> ValueOfAsync(
        V1EnvVarSource from, V1Pod pod, V1Container container, string namespaceName, string podIP, string hostIP, CancellationToken cancellationToken)
    {
        if (from.FieldRef is { } field)
        {
            return PodFields.Resolve(field.FieldPath, pod, podIP, hostIP);
        }

        if (from.ResourceFieldRef is { } resource)
        {
            return resources.Resolve(resource, pod, container);
        }

        if (from.ConfigMapKeyRef is { } mapKey)
        {
            return Select("configmap", mapKey, await config.GetConfigMapAsync(namespaceName, mapKey.Name, cancellationToken));
        }

        return from.SecretKeyRef is { } secretKey
            ? Select("secret", secretKey, await config.GetSecretAsync(namespaceName, secretKey.Name, cancellationToken))
            : throw new ContainerConfigException("a variable's valueFrom names none of fieldRef, resourceFieldRef, configMapKeyRef and secretKeyRef");
    }

    private static string? Select(string kind, V1KeySelector key, IReadOnlyDictionary<string, byte[]>? values)
    {
        if (values is not null && values.TryGetValue(key.Key, out var value))
        {
            return Encoding.UTF8.GetString(value);
        }

        if (key.Optional == true)
        {
            return null;
        }

        throw new ContainerConfigException(
            values is null ? $"{kind} \"{key.Name}\" not found" : $"couldn't find key {key.Key} in {kind} {key.Name}");
    }

    private async Task<IEnumerable<KeyValuePair<string, string>>> AllOfAsync(
        string namespaceName, V1EnvFromSource source, CancellationToken cancellationToken)
    {
        var (kind, reference, values) = source switch
        {
            { ConfigMapRef: { } map } => ("configmap", map, await config.GetConfigMapAsync(namespaceName, map.Name, cancellationToken)),
            { SecretRef: { } secret } => ("secret", secret, await config.GetSecretAsync(namespaceName, secret.Name, cancellationToken)),
            _ => throw new ContainerConfigException("an envFrom entry names neither configMapRef nor secretRef"),
        };
        if (values is null && reference.Optional != true)
        {
            throw new ContainerConfigException($"{kind} \"{reference.Name}\" not found");
        }

        return (values ?? new Dictionary<string, byte[]>())
            .Select(v => KeyValuePair.Create(source.Prefix + v.Key, Encoding.UTF8.GetString(v.Value)));
    }
}
