using ModelOperator.Api.Conventions;
using ModelOperator.Router.Balancing;
using ModelOperator.Router.Routing;

namespace ModelOperator.Router.Forwarding;

/// <summary>One request to one pod, and what has become of it so far.</summary>
internal sealed class Attempt
{
    public required Call Call { get; init; }

    public required Backend Backend { get; init; }

    public required PodEndpoint Endpoint { get; init; }

    /// <summary>Whether stable could answer instead.</summary>
    public required bool CanFailOver { get; init; }

    /// <summary>The largest answer that is kept until it is complete, in bytes.</summary>
    public required int HeldAnswerBytes { get; init; }

    /// <summary>The pod's status code; 0 before it answered.</summary>
    public int Status { get; set; }

    /// <summary>The call's status; null before it is known, and for what is no gRPC call.</summary>
    public int? GrpcCode { get; set; }

    /// <summary>Whether the pod's answer was thrown away.</summary>
    public bool WithheldAnswer { get; set; }

    /// <summary>Whether a part of the answer's body is on its way to the caller.</summary>
    public bool HasReachedCaller { get; set; }

    /// <summary>Whether a failed answer is kept from the caller, who gets stable's.</summary>
    public bool MayWithhold => CanFailOver && Call.Body.CanReplay;

    /// <summary>Adds to the headers of an answer what the router knows of it.</summary>
    public void CompleteHeaders(IHeaderDictionary headers)
    {
        headers[LineageHeaders.RequestId] = Call.RequestId;
        Lineage.Complete(headers, Backend);
    }
}
