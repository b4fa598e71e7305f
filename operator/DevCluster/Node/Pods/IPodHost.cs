using System.Net;
using ModelOperator.DevCluster.Node.Containers;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>The pod that containers run in.</summary>
internal interface IPodHost
{
    /// <summary>The pod as last seen.</summary>
    V1Pod Pod { get; }

    /// <summary>What the log calls it.</summary>
    string Identity { get; }

    IPAddress Address { get; }

    PodDirectory Directory { get; }

    /// <summary>Cancelled when the pod is over.</summary>
    CancellationToken Ended { get; }

    /// <summary>Takes in what happened.</summary>
    void Post(PodInput input);

    /// <summary>Tells people; the same occurrence once.</summary>
    void Report(EventType type, string reason, string message, string occurrence);
}
