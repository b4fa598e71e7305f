using System.Globalization;
using System.Text.Json;

namespace ModelOperator.Cli.Records;

/// <summary>A request as a router has logged it.</summary>
internal sealed record LoggedRequest
{
    public string? Time { get; init; }

    public string? RequestId { get; init; }

    public string? Method { get; init; }

    public string? Path { get; init; }

    /// <summary>The ModelRoute, as namespace/name.</summary>
    public string? Route { get; init; }

    /// <summary>The revision that was asked last.</summary>
    public string? Revision { get; init; }

    public int Status { get; init; }

    public int Attempts { get; init; }

    public bool FailedOver { get; init; }

    public double Milliseconds { get; init; }

    /// <summary>Reads a line of an access log; null when it is another one.</summary>
    public static LoggedRequest? Read(string line, string requestId)
    {
        if (!line.Contains(requestId, StringComparison.Ordinal) || !line.StartsWith('{'))
        {
            return null;
        }

        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            return Text(root, "requestId") != requestId ? null : new LoggedRequest
            {
                Time = Text(root, "time"),
                RequestId = requestId,
                Method = Text(root, "method"),
                Path = Text(root, "path"),
                Route = Text(root, "route"),
                Revision = Text(root, "revision"),
                Status = root.TryGetProperty("status", out var status) && status.TryGetInt32(out var code) ? code : 0,
                Attempts = root.TryGetProperty("attempts", out var attempts) && attempts.TryGetInt32(out var count) ? count : 0,
                FailedOver = root.TryGetProperty("failedOver", out var failedOver) && failedOver.ValueKind == JsonValueKind.True,
                Milliseconds = root.TryGetProperty("milliseconds", out var took) && took.TryGetDouble(out var length) ? length : 0,
            };
        }
        catch (Exception notOurs) when (notOurs is JsonException or InvalidOperationException)
        {
            // The id may be quoted in anything that a router writes.
            return null;
        }
    }

    /// <summary>What is known of it.</summary>
    public IEnumerable<RevisionFact> Facts()
    {
        yield return new RevisionFact("request", "Request", RequestId ?? "");
        yield return new RevisionFact("time", "At", Time ?? "");
        yield return new RevisionFact("path", "Asked", $"{Method} {Path}");
        var failedOver = FailedOver ? "; the candidate failed, and this is stable's answer" : "";
        yield return new RevisionFact("answer", "Answer", string.Create(CultureInfo.InvariantCulture, $"{Status} after {Milliseconds:0.###} ms, {Attempts} attempt{(Attempts == 1 ? "" : "s")}{failedOver}"));
        if (Revision is null)
        {
            yield return new RevisionFact("revision", "Revision", "none was asked");
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
