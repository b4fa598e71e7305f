namespace ModelOperator.Serving.Protocol.V2;

/// <param name="Index">Which output of the model.</param>
/// <param name="Binary">Whether it is wanted as raw bytes.</param>
internal readonly record struct RequestedOutput(int Index, bool Binary);
