namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary>The code over gRPC of what is an HTTP status over REST, so that both tell one failure alike.</summary>
internal static class GrpcCodes
{
    public static GrpcCode OfHttp(int status) => status switch
    {
        StatusCodes.Status403Forbidden => GrpcCode.PermissionDenied,
        StatusCodes.Status404NotFound => GrpcCode.NotFound,
        StatusCodes.Status408RequestTimeout or StatusCodes.Status504GatewayTimeout => GrpcCode.DeadlineExceeded,
        StatusCodes.Status413PayloadTooLarge or StatusCodes.Status429TooManyRequests => GrpcCode.ResourceExhausted,
        StatusCodes.Status501NotImplemented => GrpcCode.Unimplemented,
        StatusCodes.Status503ServiceUnavailable => GrpcCode.Unavailable,
        >= 400 and < 500 => GrpcCode.InvalidArgument,
        _ => GrpcCode.Internal,
    };
}
