namespace ModelOperator.Controller.Rollouts;

/// <summary>Why a route is not known to be served as it is written.</summary>
/// <param name="Reason">A word for machines.</param>
/// <param name="Message">A sentence for people.</param>
internal sealed record RouteLag(string Reason, string Message);
