using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Protobuf;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Http;

/// <summary>A request's body, read within the size limit.</summary>
internal sealed record RequestBody(byte[] Bytes, string MediaType)
{
    /// <summary>The limit of kube-apiserver, in bytes.</summary>
    public const int Limit = 3 * 1024 * 1024;

    private const string Accepted = $"application/json, application/yaml, {ProtobufEnvelope.MediaType}";

    public bool IsEmpty => Bytes.Length == 0;

    public static async Task<RequestBody> ReadAsync(HttpRequest request)
    {
        if (request.ContentLength > Limit)
        {
            throw ApiErrors.TooLarge(Limit);
        }

        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, request.HttpContext.RequestAborted)) > 0)
        {
            if (buffer.Length + read > Limit)
            {
                throw ApiErrors.TooLarge(Limit);
            }

            buffer.Write(chunk, 0, read);
        }

        return new RequestBody(buffer.ToArray(), (request.ContentType ?? "application/json").Split(';')[0].Trim().ToLowerInvariant());
    }

    // What is no UTF-8 is replaced, as Go's decoder does.
    private static byte[] WellFormed(byte[] bytes) => Utf8.IsValid(bytes) ? bytes : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes));

    /// <summary>The object in the body of a create, update or delete.</summary>
    public JsonObject Object(ICollection<string>? duplicateFields = null) => Object(SchemaNode.Any, duplicateFields);

    /// <summary>The object in the body; its schema is needed to read protobuf.</summary>
    public JsonObject Object(SchemaNode schema, ICollection<string>? duplicateFields = null)
    {
        if (MediaType == ProtobufEnvelope.MediaType && schema.Properties.Count > 0)
        {
            return Protobuf(schema);
        }

        var isYaml = MediaType switch
        {
            "application/json" => false,
            "application/yaml" => true,
            _ => throw ApiErrors.UnsupportedMediaType(Accepted),
        };
        return Parse(isYaml, duplicateFields) switch
        {
            JsonObject obj => obj,
            null => [],
            _ => throw ApiErrors.BadRequest("couldn't get version/kind; json parse error: json: cannot unmarshal the body into a Go struct"),
        };
    }

    public JsonNode? Parse(bool isYaml, ICollection<string>? duplicateFields = null)
    {
        try
        {
            // JSON is YAML: the parser that knows duplicate fields reads it where it can.
            return isYaml && !LooksLikeJson() ? YamlParser.Parse(WellFormed(Bytes)) : JsonParser.Parse(WellFormed(Bytes), duplicateFields);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw isYaml
                ? ApiErrors.BadRequest($"error decoding YAML: {exception.Message}")
                : ApiErrors.BadRequest($"couldn't get version/kind; json parse error: {Problem(exception)}");
        }
    }

    /// <summary>The body of a JSON, merge or strategic merge patch.</summary>
    public JsonNode? ParsePatch(ICollection<string>? duplicateFields)
    {
        try
        {
            return JsonParser.Parse(WellFormed(Bytes), duplicateFields);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw ApiErrors.BadRequest($"error decoding patch: {Problem(exception)}");
        }
    }

    // Go's words where they are known to be the ones.
    private string Problem(Exception exception)
    {
        var text = Encoding.UTF8.GetString(Bytes).Trim();
        var opened = text.Count(letter => letter is '{' or '[');
        return text.Length == 0 || opened > text.Count(letter => letter is '}' or ']') ? "unexpected end of JSON input" : exception.Message;
    }

    private JsonObject Protobuf(SchemaNode schema)
    {
        try
        {
            return ProtobufEnvelope.Read(Bytes, schema);
        }
        catch (JsonException exception)
        {
            throw ApiErrors.BadRequest($"couldn't decode the body of the request: {exception.Message}");
        }
    }

    private bool LooksLikeJson() => Bytes.AsSpan().TrimStart(" \t\r\n"u8) is [(byte)'{' or (byte)'[', ..];
}
