using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelOperator.Cli.Predicting;

/// <summary>What a model answered, and who did.</summary>
internal sealed record PredictionAnswer(
    int Status, string Milliseconds, string? Revision, string? Version, string? Digest, string? RequestId, string Body)
{
    public JsonObject ToDocument() => new()
    {
        ["status"] = Status,
        ["milliseconds"] = Milliseconds,
        ["revision"] = Revision,
        ["version"] = Version,
        ["digest"] = Digest,
        ["requestId"] = RequestId,
        ["answer"] = Parsed(),
    };

    private JsonNode? Parsed()
    {
        try
        {
            return JsonNode.Parse(Body);
        }
        catch (JsonException)
        {
            return JsonValue.Create(Body);
        }
    }
}
