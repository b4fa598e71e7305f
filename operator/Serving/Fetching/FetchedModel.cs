namespace ModelOperator.Serving.Fetching;

/// <summary>What was fetched, as reported in the termination message.</summary>
internal sealed record FetchedModel(string Sha256, long Bytes);
