using ModelOperator.Api.ModelDeployments;
using ModelOperator.Kubernetes.Events;

namespace ModelOperator.Controller.Rollouts;

/// <summary>Something that happened and is told as one Kubernetes event.</summary>
/// <param name="Type">Normal or Warning.</param>
/// <param name="Reason">A word for machines.</param>
/// <param name="Message">A sentence for people.</param>
/// <param name="Id">The same for the same transition, whichever process works it out and however often.</param>
internal sealed record Transition(EventType Type, string Reason, string Message, string Id)
{
    public static Transition From(UntoldTransition untold) => new(
        Enum.TryParse<EventType>(untold.Type, out var type) ? type : EventType.Normal, untold.Reason ?? "", untold.Message ?? "", untold.Id ?? "");

    public UntoldTransition ToUntold() => new() { Type = Type.ToString(), Reason = Reason, Message = Message, Id = Id };
}
