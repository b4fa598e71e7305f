namespace ModelOperator.Controller.Analysis.Counters;

/// <summary>A counter of one revision.</summary>
internal sealed record CounterSubject(string Counter, string Namespace, string Deployment, string Revision);
