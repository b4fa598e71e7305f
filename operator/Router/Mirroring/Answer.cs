namespace ModelOperator.Router.Mirroring;

/// <summary>A whole answer, as far as two of them are compared.</summary>
/// <param name="Status">The HTTP status; 0: there was no answer, or no complete one.</param>
/// <param name="GrpcStatus">Null: not gRPC.</param>
/// <param name="JsonLength">How much of a V2 answer with binary tensors is JSON (<c>Inference-Header-Content-Length</c>); null: all.</param>
/// <param name="Body">Null: too large to keep, or encoded so that it cannot be read.</param>
/// <param name="IsInferMessage">The body is the one message of an inference over gRPC.</param>
internal readonly record struct Answer(int Status, int? GrpcStatus, int? JsonLength, ReadOnlyMemory<byte>? Body, bool IsInferMessage = false)
{
    /// <summary>The header of the binary tensor data extension of the open inference protocol.</summary>
    public const string JsonLengthHeader = "Inference-Header-Content-Length";
}
