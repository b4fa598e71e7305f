using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Reporting;

/// <summary>Conditions under construction; the time of a condition's last change is kept while its status stays.</summary>
internal sealed class ConditionSet(IEnumerable<V1Condition>? previous, long generation, DateTime now)
{
    private readonly Dictionary<string, V1Condition> _previous = (previous ?? []).GroupBy(c => c.Type).ToDictionary(g => g.Key, g => g.Last());
    private readonly List<V1Condition> _conditions = [];

    public IList<V1Condition> Conditions => _conditions;

    /// <summary>Sets a condition to true, false or (null) unknown.</summary>
    public void Set(string type, bool? value, string reason, string message)
    {
        var status = value switch { true => "True", false => "False", null => "Unknown" };
        var before = _previous.GetValueOrDefault(type);
        _conditions.Add(new V1Condition
        {
            Type = type,
            Status = status,
            Reason = reason,
            Message = message,
            ObservedGeneration = generation,
            LastTransitionTime = before?.Status == status ? before.LastTransitionTime : StatusTime.ToSeconds(now),
        });
    }
}
