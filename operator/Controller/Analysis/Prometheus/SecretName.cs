namespace ModelOperator.Controller.Analysis.Prometheus;

/// <summary>Names a Secret.</summary>
internal sealed record SecretName(string Namespace, string Name);
