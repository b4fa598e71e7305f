using ModelOperator.Kubernetes.Client;

namespace ModelOperator.Kubernetes.Controllers;

/// <summary>What kind of failure an exception is.</summary>
internal static class ReconcileErrors
{
    /// <summary>
    /// Whether it shows a mistake in the reconciler, what Go calls a panic: everything that is no answer of a server, no
    /// trouble on the way to it, no end of patience and not thrown on purpose.
    /// </summary>
    public static bool IsPanic(Exception error) =>
        error is not (KubernetesException or HttpRequestException or IOException or TimeoutException or OperationCanceledException or TerminalException);

    /// <summary>Whether it only shows that the cache was behind; the next attempt sees what this one did not.</summary>
    public static bool IsConflict(Exception? error) => error is KubernetesException { IsConflict: true };
}
