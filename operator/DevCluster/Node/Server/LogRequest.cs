using System.Globalization;

namespace ModelOperator.DevCluster.Node.Server;

/// <summary>What someone wants to read of a container's log.</summary>
internal sealed record LogRequest(string Namespace, string Pod, string Container)
{
    public bool Follow { get; init; }

    public bool Previous { get; init; }

    /// <summary>Only the last lines; null: all.</summary>
    public int? TailLines { get; init; }

    /// <summary>Only what was written then or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Each line begins with the time when it was written.</summary>
    public bool Timestamps { get; init; }

    /// <summary>Ends after this many bytes; null: no limit.</summary>
    public long? LimitBytes { get; init; }

    /// <summary>What is wrong with the request, or null.</summary>
    public string? Error { get; init; }

    public static LogRequest Read(HttpRequest request, DateTimeOffset now)
    {
        string? error = null;
        var sinceSeconds = Number("sinceSeconds");
        return new LogRequest(Route("namespace"), Route("pod"), Route("container"))
        {
            Follow = IsTrue("follow"),
            Previous = IsTrue("previous"),
            TailLines = (int?)Number("tailLines"),
            Since = sinceSeconds is { } seconds ? now.AddSeconds(-seconds) : Time("sinceTime"),
            Timestamps = IsTrue("timestamps"),
            LimitBytes = Number("limitBytes"),
            Error = error,
        };

        string Route(string name) => request.RouteValues[name]?.ToString() ?? "";

        bool IsTrue(string name) => request.Query[name].ToString() is "true" or "1";

        long? Number(string name)
        {
            if (request.Query[name].ToString() is not { Length: > 0 } text)
            {
                return null;
            }

            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return number;
            }

            error = $"{name}: \"{text}\" is not a number";
            return null;
        }

        DateTimeOffset? Time(string name)
        {
            if (request.Query[name].ToString() is not { Length: > 0 } text)
            {
                return null;
            }

            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            {
                return time;
            }

            error = $"{name}: \"{text}\" is not a time";
            return null;
        }
    }
}
