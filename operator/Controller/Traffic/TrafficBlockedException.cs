namespace ModelOperator.Controller.Traffic;

/// <summary>A route cannot be written, for a reason that somebody else has to remove.</summary>
/// <param name="reason">A word for machines.</param>
/// <param name="message">A sentence for people.</param>
internal sealed class TrafficBlockedException(string reason, string message) : Exception(message)
{
    public string Reason { get; } = reason;
}
