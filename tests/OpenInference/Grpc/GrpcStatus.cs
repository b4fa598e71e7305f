namespace ModelOperator.OpenInference.Grpc;

/// <summary>Status codes that cases expect.</summary>
internal static class GrpcStatus
{
    public const int InvalidArgument = 3;
    public const int NotFound = 5;
    public const int OutOfRange = 11;
    public const int Unimplemented = 12;
    public const int Internal = 13;
    public const int Unavailable = 14;
}
