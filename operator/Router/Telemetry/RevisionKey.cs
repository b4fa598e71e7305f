namespace ModelOperator.Router.Telemetry;

/// <summary>A revision, as metrics name it.</summary>
internal readonly record struct RevisionKey(string Namespace, string Deployment, string Revision);
