using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;

namespace ModelOperator.Kubernetes.Client;

/// <summary>Says what the server warns of (a deprecated version, an unknown field), each warning once.</summary>
internal sealed partial class ServerWarnings(ILogger logger)
{
    private const int MaxRemembered = 1_000;

    private readonly ConcurrentDictionary<string, byte> _told = new(StringComparer.Ordinal);

    public void Tell(HttpResponseHeaders headers)
    {
        foreach (var warning in headers.Warning)
        {
            // A quoted-string: the parser leaves its quotes and escapes in.
            var text = warning.Text[1..^1].Replace("\\\"", "\"", StringComparison.Ordinal).Replace(@"\\", @"\", StringComparison.Ordinal);
            if (_told.Count < MaxRemembered && _told.TryAdd(text, 0))
            {
                LogWarning(text);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Kubernetes API warns: {Text}")]
    private partial void LogWarning(string text);
}
