using System.Globalization;
using ModelOperator.Router.Telemetry;

namespace ModelOperator.Router.Forwarding;

/// <summary>Status codes of gRPC, which a call carries beside an HTTP status of 200.</summary>
internal static class GrpcStatus
{
    public const string Header = "grpc-status";
    public const string MessageHeader = "grpc-message";
    public const string TimeoutHeader = "grpc-timeout";
    public const string ContentType = "application/grpc";

    public const int Unknown = 2;
    public const int DeadlineExceeded = 4;
    public const int NotFound = 5;
    public const int ResourceExhausted = 8;
    public const int Unimplemented = 12;
    public const int Internal = 13;
    public const int Unavailable = 14;

    /// <summary>Whether a content type is gRPC's: <c>application/grpc</c>, or that with a suffix such as <c>+proto</c>.</summary>
    public static bool IsGrpc(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is '+' or ';');

    /// <summary>The status of an answer that has been read to its end; null when it has none.</summary>
    public static int? Of(HttpResponseMessage response) =>
        response.TrailingHeaders.TryGetValues(Header, out var values) || response.Headers.TryGetValues(Header, out values)
            ? Parse(values.First())
            : null;

    /// <summary>What a status says about the revision: as the HTTP status that stands for it would (google.rpc.Code).</summary>
    public static AttemptOutcome OutcomeOf(int? status) => status switch
    {
        0 => AttemptOutcome.Ok,
        1 => AttemptOutcome.Canceled,
        3 or 5 or 6 or 7 or ResourceExhausted or 9 or 10 or 11 or 16 => AttemptOutcome.ClientError,
        DeadlineExceeded => AttemptOutcome.Timeout,
        _ => AttemptOutcome.Error,
    };

    /// <summary>The status of an error that the router answers itself.</summary>
    public static int FromHttp(int status) => status switch
    {
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status408RequestTimeout or StatusCodes.Status504GatewayTimeout => DeadlineExceeded,
        StatusCodes.Status413PayloadTooLarge => ResourceExhausted,
        StatusCodes.Status501NotImplemented => Unimplemented,
        StatusCodes.Status502BadGateway or StatusCodes.Status503ServiceUnavailable => Unavailable,
        _ => Internal,
    };

    /// <summary>Reads a caller's deadline: at most eight digits and a unit of H, M, S, m, u, n; null when it is none.</summary>
    public static TimeSpan? ParseTimeout(string? text)
    {
        if (text is not { Length: >= 2 and <= 9 } || !long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var amount))
        {
            return null;
        }
        return text[^1] switch
        {
            'H' => TimeSpan.FromHours(amount),
            'M' => TimeSpan.FromMinutes(amount),
            'S' => TimeSpan.FromSeconds(amount),
            'm' => TimeSpan.FromMilliseconds(amount),
            'u' => TimeSpan.FromMicroseconds(amount),
            'n' => TimeSpan.FromMicroseconds(amount / 1000.0),
            _ => null,
        };
    }

    private static int Parse(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : Unknown;
}
