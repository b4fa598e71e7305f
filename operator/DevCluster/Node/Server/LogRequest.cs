using System.Globalization;

namespace ModelOperator.DevCluster.Node.Server;

/// <summary>What someone wants to read of a container's log.</summary>
internal sealed record LogRequest(string Namespace, string Pod, string Container, bool Follow, bool Previous, int? TailLines, string? Error)
{
    public static LogRequest Read(HttpRequest request)
    {
        string? error = null;
        int? tailLines = null;
        if (request.Query["tailLines"].ToString() is { Length: > 0 } text)
        {
            if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var lines))
            {
                tailLines = lines;
            }
            else
            {
                error = $"tailLines: \"{text}\" is not a number of lines";
            }
        }

        return new LogRequest(
            Route("namespace"), Route("pod"), Route("container"), IsTrue("follow"), IsTrue("previous"), tailLines, error);

        string Route(string name) => request.RouteValues[name]?.ToString() ?? "";

        bool IsTrue(string name) => request.Query[name].ToString() is "true" or "1";
    }
}
