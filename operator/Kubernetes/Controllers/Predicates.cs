using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Controllers;

/// <summary>
/// Which events are worth a reconciliation; controller-runtime's. Objects that come and go always are. Only events are
/// filtered: a retry or a requeue that a reconciliation has asked for always comes.
/// </summary>
public static class Predicates
{
    /// <summary>What was changed is more than status and metadata.</summary>
    public static bool GenerationChanged<T>(InformerEvent<T> change)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        IsNoUpdate(change) || change.Previous!.Generation() != change.Object.Generation();

    /// <summary>Anything was changed: no resync.</summary>
    public static bool ResourceVersionChanged<T>(InformerEvent<T> change)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        IsNoUpdate(change) || change.Previous!.ResourceVersion() != change.Object.ResourceVersion();

    /// <summary>Labels were changed.</summary>
    public static bool LabelChanged<T>(InformerEvent<T> change)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        IsNoUpdate(change) || Differ(change.Previous!.Labels(), change.Object.Labels());

    /// <summary>Annotations were changed.</summary>
    public static bool AnnotationChanged<T>(InformerEvent<T> change)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        IsNoUpdate(change) || Differ(change.Previous!.Annotations(), change.Object.Annotations());

    /// <summary>Any of these holds.</summary>
    public static Func<InformerEvent<T>, bool> AnyOf<T>(params Func<InformerEvent<T>, bool>[] predicates) =>
        change => Array.Exists(predicates, predicate => predicate(change));

    private static bool IsNoUpdate<T>(InformerEvent<T> change) => change.Type != WatchEventType.Modified || change.Previous is null;

    private static bool Differ(IDictionary<string, string>? before, IDictionary<string, string>? now) =>
        (before?.Count ?? 0) != (now?.Count ?? 0)
        || (before is not null && before.Any(pair => !now!.TryGetValue(pair.Key, out var value) || value != pair.Value));
}
