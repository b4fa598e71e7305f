using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Faults;

/// <summary>A fault that a pod's annotation asks for, to see how everyone else copes with it.</summary>
/// <param name="Kind">What goes wrong.</param>
/// <param name="Container">In which container; null: in all.</param>
internal sealed record Fault(FaultKind Kind, string? Container)
{
    public const string Annotation = "devcluster.modeloperator.io/inject";

    public const string Usage = """
        Faults for tests: kubectl annotate pod NAME devcluster.modeloperator.io/inject=FAULT[/CONTAINER]
          crash       every run of the container is killed as soon as it runs
          crash-once  the run that is there now is killed (to repeat it, take the annotation away and set it again)
          hang        the container's processes stand still until the annotation is taken away
          oom         every run is killed as if it had exceeded its memory limit
        An annotation of a pod template works from the start of each of its pods.
        """;

    /// <summary>The fault that a pod asks for; null when it asks for none that is known.</summary>
    public static Fault? Of(V1Pod pod) =>
        pod.Metadata.Annotations is { } annotations && annotations.TryGetValue(Annotation, out var text) ? Parse(text) : null;

    /// <summary>Whether it is meant for a container.</summary>
    public bool Concerns(string container) => Container is null || Container == container;

    private static Fault? Parse(string text)
    {
        var parts = text.Split('/', 2);
        FaultKind? kind = parts[0] switch
        {
            "crash" => FaultKind.Crash,
            "crash-once" => FaultKind.CrashOnce,
            "hang" => FaultKind.Hang,
            "oom" => FaultKind.OutOfMemory,
            _ => null,
        };
        return kind is { } known ? new Fault(known, parts.Length > 1 ? parts[1] : null) : null;
    }
}
