using Microsoft.Net.Http.Headers;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>The body of every answer that is no success: <c>{"error": "..."}</c>.</summary>
internal sealed record ErrorBody(string Error)
{
    public static Task WriteAsync(HttpContext context, Failure failure)
    {
        if (failure.RetryAfter is { } delay)
        {
            context.Response.Headers.RetryAfter = HeaderUtilities.FormatNonNegativeInt64((long)Math.Ceiling(delay.TotalSeconds));
        }
        return WriteAsync(context, failure.Status, failure.Message);
    }

    public static Task WriteAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new ErrorBody(message), V2Json.Readable.ErrorBody, cancellationToken: context.RequestAborted);
    }
}
