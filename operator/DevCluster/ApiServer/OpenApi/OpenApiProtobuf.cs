using System.Text.Json.Nodes;
using Google.Protobuf;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.OpenApi;

/// <summary>
/// An OpenAPI v2 document as gnostic's <c>openapi.v2.Document</c> message, the only form that older kubectl reads. What it holds is what
/// such clients validate and explain by: types, references, required fields, write parameters and <c>x-kubernetes-</c> extensions.
/// </summary>
internal static class OpenApiProtobuf
{
    // Clients ask for "v2@v1.0", which is not a media type that they could parse in an answer.
    public const string MediaType = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";

    // PathItem's field of each operation.
    private static readonly Dictionary<string, int> Operations =
        new() { ["get"] = 2, ["put"] = 3, ["post"] = 4, ["delete"] = 5, ["patch"] = 8 };

    public static byte[] Write(JsonObject document) => Message(output =>
    {
        Text(output, 1, document.StringAt("swagger"));
        Nested(output, 2, Message(info =>
        {
            Text(info, 1, document.StringAt("info", "title"));
            Text(info, 2, document.StringAt("info", "version"));
        }));
        Nested(output, 8, Message(paths =>
        {
            foreach (var (path, item) in document.ObjectAt("paths") ?? [])
            {
                Named(paths, 2, path, PathItem(item as JsonObject ?? []));
            }
        }));
        Nested(output, 9, Schemas(document.ObjectAt("definitions")));
    });

    private static byte[] PathItem(JsonObject item) => Message(output =>
    {
        foreach (var (name, operation) in item)
        {
            Nested(output, Operations[name], Operation((JsonObject)operation!));
        }
    });

    private static byte[] Operation(JsonObject operation) => Message(output =>
    {
        Text(output, 5, operation.StringAt("operationId"));
        foreach (var parameter in operation.ArrayAt("parameters") ?? [])
        {
            var query = Message(fields =>
            {
                Text(fields, 2, "query");
                Text(fields, 4, parameter.StringAt("name"));
                Text(fields, 6, parameter.StringAt("type"));
            });
            // ParametersItem.parameter / Parameter.non_body_parameter / NonBodyParameter.query_parameter_sub_schema
            Nested(output, 8, Message(entry => Nested(entry, 1, Message(kind => Nested(kind, 2, Message(place => Nested(place, 3, query)))))));
        }

        Extensions(output, 13, operation);
    });

    private static byte[] Schemas(JsonObject? schemas) => Message(output =>
    {
        foreach (var (name, schema) in schemas ?? [])
        {
            Named(output, 1, name, Schema((JsonObject)schema!));
        }
    });

    private static byte[] Schema(JsonObject schema) => Message(output =>
    {
        Text(output, 1, schema.StringAt("$ref"));
        Text(output, 2, schema.StringAt("format"));
        Text(output, 4, schema.StringAt("description"));
        foreach (var name in schema.ArrayAt("required") ?? [])
        {
            Text(output, 19, name.StringOrNull());
        }

        if (schema.ObjectAt("additionalProperties") is { } additional)
        {
            Nested(output, 21, Message(either => Nested(either, 1, Schema(additional))));
        }

        if (schema.StringAt("type") is { } type)
        {
            Nested(output, 22, Message(types => Text(types, 1, type)));
        }

        if (schema.ObjectAt("items") is { } items)
        {
            Nested(output, 23, Message(list => Nested(list, 1, Schema(items))));
        }

        if (schema.ObjectAt("properties") is { } properties)
        {
            Nested(output, 25, Schemas(properties));
        }

        Extensions(output, 31, schema);
    });

    private static void Extensions(CodedOutputStream output, int field, JsonObject node)
    {
        foreach (var (name, value) in node)
        {
            // JSON is YAML.
            if (name.StartsWith("x-", StringComparison.Ordinal))
            {
                Named(output, field, name, Message(any => Text(any, 2, value?.ToJsonString() ?? "null")));
            }
        }
    }

    private static void Named(CodedOutputStream output, int field, string name, byte[] value) => Nested(output, field, Message(pair =>
    {
        Text(pair, 1, name);
        Nested(pair, 2, value);
    }));

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var buffer = new MemoryStream();
        using (var output = new CodedOutputStream(buffer, leaveOpen: true))
        {
            write(output);
        }

        return buffer.ToArray();
    }

    private static void Nested(CodedOutputStream output, int field, byte[] message)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(message));
    }

    private static void Text(CodedOutputStream output, int field, string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }
}
