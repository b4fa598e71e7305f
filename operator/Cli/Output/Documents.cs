using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.CustomResources;

namespace ModelOperator.Cli.Output;

/// <summary>Writes answers for programs.</summary>
internal static class Documents
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, IndentSize = 4, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(Screen screen, OutputFormat format, JsonNode document) =>
        screen.WriteRaw(format == OutputFormat.Yaml ? YamlManifest.Write(document) : Json(document) + "\n");

    private static string Json(JsonNode document)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Indented))
        {
            document.WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
