using System.Text.Json;
using ModelOperator.OpenInference.Suite;

namespace ModelOperator.OpenInference.Rest;

/// <summary>What the server answered over REST.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="ContentType">Its media type, without parameters.</param>
/// <param name="JsonLength">Its <c>Inference-Header-Content-Length</c>.</param>
/// <param name="Body">All bytes.</param>
internal sealed record RestAnswer(int Status, string? ContentType, string? JsonLength, byte[] Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The body, or the part of it that is JSON.</summary>
    /// <exception cref="NonConformanceException">It is none.</exception>
    public JsonElement Json(int? length = null)
    {
        try
        {
            using var document = JsonDocument.Parse(Body.AsMemory(0, length ?? Body.Length));
            return document.RootElement.Clone();
        }
        catch (JsonException failure)
        {
            throw new NonConformanceException($"the answer is no JSON: {failure.Message}");
        }
    }

    /// <exception cref="NonConformanceException">The status is no success.</exception>
    public RestAnswer Success()
    {
        Expect.True(IsSuccess, $"the status is {Status}, expected 200: {Shown()}");
        return this;
    }

    /// <exception cref="NonConformanceException">It is no client error with a JSON object that has a text as "error".</exception>
    public void Error()
    {
        Expect.True(Status is >= 400 and < 500, $"the status is {Status}, expected 400 to 499: {Shown()}");
        var body = Json();
        Expect.True(
            body.ValueKind == JsonValueKind.Object && body.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.String && error.GetString() is { Length: > 0 },
            $"the body has no \"error\" with a text: {Shown()}");
    }

    private string Shown() => System.Text.Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 200)));
}
