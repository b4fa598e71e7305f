using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.ApiServer.Validation;

/// <summary>Values as validation messages show them.</summary>
internal static class ValueText
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(JsonNode? value) => value?.ToJsonString(Plain) ?? "null";
}
