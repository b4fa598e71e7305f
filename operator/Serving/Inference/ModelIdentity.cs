namespace ModelOperator.Serving.Inference;

/// <summary>Which model this is, as told by whoever started the server.</summary>
internal sealed record ModelIdentity(string Name, string Version, string Revision);
