namespace ModelOperator.Serving.Protocol.V2;

/// <summary>An input or output of a model; -1 for a dimension that varies.</summary>
internal sealed record TensorMetadata(string Name, string Datatype, long[] Shape);
