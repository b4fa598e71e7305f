using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Events;

/// <summary>Tells people what happens to pods.</summary>
internal interface INodeEvents
{
    /// <summary>Reports an event; one with the same occurrence is reported once. Never waits.</summary>
    void Report(V1Pod pod, EventType type, string reason, string message, string occurrence);
}
