using ModelOperator.Kubernetes.Queue;

namespace ModelOperator.Kubernetes.Controllers;

/// <summary>How a controller runs.</summary>
public sealed record ControllerOptions
{
    /// <summary>Objects worked on at the same time; one object is never with two workers.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>How long the first lists may take before the controller gives up.</summary>
    public TimeSpan SyncTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Delays between failed attempts on an object.</summary>
    public ExponentialBackoff Backoff { get; init; } = ExponentialBackoff.PerItem;

    /// <summary>How long to wait for the cache to show what the last reconciliation wrote before going on without.</summary>
    public TimeSpan StaleLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one reconciliation may take before it is cancelled and counts as failed; null: as long as it likes.</summary>
    public TimeSpan? ReconciliationTimeout { get; init; }

    /// <summary>The controller's name in metrics and logs; null: the kind in lower case.</summary>
    public string? Name { get; init; }

    /// <summary>Where it is measured; null: nowhere.</summary>
    public ControllerMetrics? Metrics { get; init; }
}
