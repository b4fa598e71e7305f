namespace ModelOperator.Kubernetes.Hosting;

/// <summary>A controller of whichever kind.</summary>
/// <param name="RunAsync">Works until the first token is cancelled, and finishes what is in hand unless the second is.</param>
internal sealed record RunnableController(Func<CancellationToken, CancellationToken, Task> RunAsync);
