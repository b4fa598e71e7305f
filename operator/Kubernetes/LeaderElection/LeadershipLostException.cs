namespace ModelOperator.Kubernetes.LeaderElection;

/// <summary>Another process may lead by now: this one has to end at once.</summary>
public sealed class LeadershipLostException(string reason) : Exception($"leadership is lost: {reason}");
