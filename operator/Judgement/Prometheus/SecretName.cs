namespace ModelOperator.Judgement.Prometheus;

/// <summary>Names a Secret.</summary>
internal sealed record SecretName(string Namespace, string Name);
