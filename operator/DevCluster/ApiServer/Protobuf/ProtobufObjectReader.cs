using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Protobuf;

/// <summary>Reads the messages of built-in kinds by the field numbers of their schemas.</summary>
internal static class ProtobufObjectReader
{
    public static void Read(ByteString message, SchemaNode schema, JsonObject target) => Read(message, schema, "", target);

    private static void Read(ByteString message, SchemaNode schema, string prefix, JsonObject target)
    {
        var input = message.CreateCodedInput();
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            var path = prefix + WireFormat.GetTagFieldNumber(tag);
            var (name, field) = schema.Properties.FirstOrDefault(property => property.Value.ProtobufPath == path);
            if (field is not null)
            {
                ReadField(input, field, name, target);
            }
            else if (schema.Properties.Values.Any(property => property.ProtobufPath?.StartsWith($"{path}.", StringComparison.Ordinal) == true))
            {
                Read(input.ReadBytes(), schema, $"{path}.", target);
            }
            else
            {
                input.SkipLastField();
            }
        }
    }

    private static void ReadField(CodedInputStream input, SchemaNode field, string name, JsonObject target)
    {
        if (field.Type == "array")
        {
            if (target[name] is not JsonArray list)
            {
                target[name] = list = [];
            }

            list.Add(Value(input, field.Items!));
        }
        else if (field.AdditionalProperties is { } values)
        {
            ReadEntry(input.ReadBytes(), values, target.Ensure(name));
        }
        else
        {
            var value = Value(input, field);
            // Go writes every field that is not a pointer, whether it was given or not.
            if (value is not null && (field.ProtobufPointer || !IsZero(value)))
            {
                target[name] = value;
            }
        }
    }

    private static void ReadEntry(ByteString entry, SchemaNode schema, JsonObject map)
    {
        var input = entry.CreateCodedInput();
        var key = "";
        JsonNode? value = null;
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == 1)
            {
                key = input.ReadString();
            }
            else
            {
                value = Value(input, schema);
            }
        }

        map[key] = value ?? "";
    }

    private static JsonNode? Value(CodedInputStream input, SchemaNode schema)
    {
        if (schema.Quantity)
        {
            return Text(input.ReadBytes(), 1);
        }

        if (schema.IntOrString)
        {
            return IntOrString(input.ReadBytes());
        }

        switch (schema.Type)
        {
            case "string" when schema.Format == "date-time":
                return Time(input.ReadBytes());
            case "string" when schema.Format == "byte":
                return Convert.ToBase64String(input.ReadBytes().Span);
            case "string":
                return input.ReadString();
            case "boolean":
                return input.ReadBool();
            case "integer":
                return input.ReadInt64();
            case "number":
                return input.ReadDouble();
            case "object" when schema.Properties.Count > 0:
                var nested = new JsonObject();
                Read(input.ReadBytes(), schema, nested);
                return nested;
            default:
                input.SkipLastField();
                return null;
        }
    }

    private static string Text(ByteString message, int number)
    {
        var input = message.CreateCodedInput();
        var result = "";
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == number)
            {
                result = input.ReadString();
            }
            else
            {
                input.SkipLastField();
            }
        }

        return result;
    }

    private static JsonNode IntOrString(ByteString message)
    {
        var input = message.CreateCodedInput();
        var (isText, number, text) = (false, 0L, "");
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 1:
                    isText = input.ReadInt64() == 1;
                    break;
                case 2:
                    number = input.ReadInt64();
                    break;
                case 3:
                    text = input.ReadString();
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        return isText ? text : number;
    }

    private static JsonNode? Time(ByteString message)
    {
        if (message.IsEmpty)
        {
            return null;
        }

        var input = message.CreateCodedInput();
        var (seconds, nanos) = (0L, 0L);
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            var value = input.ReadInt64();
            if (WireFormat.GetTagFieldNumber(tag) == 1)
            {
                seconds = value;
            }
            else
            {
                nanos = value;
            }
        }

        var time = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanos / 100).UtcDateTime;
        return time.ToString(nanos == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'");
    }

    private static bool IsZero(JsonNode value) => value switch
    {
        JsonObject map => map.Count == 0,
        JsonValue scalar => scalar.GetValueKind() switch
        {
            JsonValueKind.String => scalar.ToString().Length == 0,
            JsonValueKind.False => true,
            JsonValueKind.Number => scalar.AsNumber() == 0,
            _ => false,
        },
        _ => false,
    };
}
