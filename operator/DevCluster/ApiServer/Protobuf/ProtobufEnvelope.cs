using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Protobuf;

/// <summary>
/// Bodies of type <c>application/vnd.kubernetes.protobuf</c>, which kubectl sends for built-in kinds: four magic bytes, then a
/// <c>runtime.Unknown</c> message around the object.
/// </summary>
internal static class ProtobufEnvelope
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private static ReadOnlySpan<byte> Magic => [(byte)'k', (byte)'8', (byte)'s', 0];

    /// <exception cref="JsonException">The bytes are not such a body.</exception>
    public static JsonObject Read(ReadOnlySpan<byte> body, SchemaNode schema)
    {
        if (!body.StartsWith(Magic))
        {
            throw new JsonException("the body is not Kubernetes' protobuf: it lacks the k8s prefix");
        }

        var result = new JsonObject();
        try
        {
            var envelope = new CodedInputStream(body[Magic.Length..].ToArray());
            uint tag;
            while ((tag = envelope.ReadTag()) != 0)
            {
                switch (WireFormat.GetTagFieldNumber(tag))
                {
                    case 1:
                        ReadType(envelope.ReadBytes(), result);
                        break;
                    case 2:
                        ProtobufObjectReader.Read(envelope.ReadBytes(), schema, result);
                        break;
                    default:
                        envelope.SkipLastField();
                        break;
                }
            }
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new JsonException(exception.Message, exception);
        }

        return result;
    }

    private static void ReadType(ByteString bytes, JsonObject result)
    {
        var input = bytes.CreateCodedInput();
        uint tag;
        while ((tag = input.ReadTag()) != 0)
        {
            var text = input.ReadString();
            result[WireFormat.GetTagFieldNumber(tag) == 1 ? "apiVersion" : "kind"] = text;
        }
    }
}
