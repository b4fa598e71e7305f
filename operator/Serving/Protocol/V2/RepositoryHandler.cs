using System.Text.Json;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>POST /v2/repository/...</summary>
internal sealed class RepositoryHandler(ModelRepository repository)
{
    /// <summary>What a caller can say here is short, but for a model's bytes, which are not taken.</summary>
    private const int MaxBytes = 64 * 1024;

    public Task IndexAsync(HttpContext context) => AnswerAsync(context, async () =>
    {
        using var body = await ReadAsync(context);
        var ready = body?.RootElement.TryGetProperty("ready", out var flag) == true
            && (flag.ValueKind is JsonValueKind.True or JsonValueKind.False ? flag.GetBoolean() : throw ProtocolException.Invalid("\"ready\" must be true or false"));
        await context.Response.WriteAsJsonAsync(repository.Index(ready), V2Json.Readable.RepositoryEntryArray);
    });

    public Task LoadAsync(HttpContext context, string model) => AnswerAsync(context, async () =>
    {
        using var body = await ReadAsync(context);
        var parameters = body?.RootElement.TryGetProperty("parameters", out var given) == true
            && (given.ValueKind != JsonValueKind.Object || given.EnumerateObject().Any());
        await repository.LoadAsync(model, parameters, context.RequestAborted);
        await context.Response.WriteAsJsonAsync(new RepositoryChange(model, Load: true), V2Json.Readable.RepositoryChange);
    });

    public Task UnloadAsync(HttpContext context, string model) => AnswerAsync(context, async () =>
    {
        using var body = await ReadAsync(context);
        repository.Unload(model);
        await context.Response.WriteAsJsonAsync(new RepositoryChange(model, Unload: true), V2Json.Readable.RepositoryChange);
    });

    // A body may be left out.
    private static async Task<JsonDocument?> ReadAsync(HttpContext context)
    {
        using var body = await RequestBody.ReadAsync(context.Request, MaxBytes, context.RequestAborted);
        if (body.Length == 0)
        {
            return null;
        }
        try
        {
            // A copy: the document outlives the body.
            var document = JsonDocument.Parse(body.Bytes.ToArray());
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? document
                : throw ProtocolException.Invalid("the request must be a JSON object, or empty");
        }
        catch (JsonException failure)
        {
            throw ProtocolException.Invalid($"the request is no valid JSON: {failure.Message}");
        }
    }

    private static async Task AnswerAsync(HttpContext context, Func<Task> answer)
    {
        try
        {
            await answer();
        }
        catch (ProtocolException failure)
        {
            await ErrorBody.WriteAsync(context, failure.Status, failure.Message);
        }
    }
}
