namespace ModelOperator.Serving.Loading.OnnxFiles;

/// <summary>Elements in a file beside the model.</summary>
/// <param name="Location">Its path, relative to the model's directory.</param>
/// <param name="Offset">Where they begin.</param>
/// <param name="Length">How many bytes they are; null: to the end.</param>
internal sealed record ExternalData(string Location, long Offset, long? Length);
