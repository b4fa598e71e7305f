using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace ModelOperator.Kubernetes.CustomResources;

/// <summary>Writes JSON as YAML for people: block style, no folded lines, the order kept.</summary>
public static class YamlManifest
{
    private static readonly ISerializer Serializer = new SerializerBuilder()
        .WithQuotingNecessaryStrings(quoteYaml1_1Strings: true)
        .WithNewLine("\n")
        .Build();

    /// <summary>The document as YAML.</summary>
    public static string Write(JsonNode document)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, EmitterSettings.Default.WithBestWidth(int.MaxValue).WithNewLine("\n"));
        Serializer.Serialize(emitter, ToPlain(document)!);
        return text.ToString();
    }

    private static object? ToPlain(JsonNode? node) => node switch
    {
        null => null,
        JsonObject members => members.ToDictionary(member => member.Key, member => ToPlain(member.Value), StringComparer.Ordinal),
        JsonArray items => items.Select(ToPlain).ToList(),
        JsonValue value => value.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => value.TryGetValue<long>(out var whole) ? whole : value.GetValue<double>(),
            _ => value.GetValue<string>(),
        },
        _ => throw new InvalidOperationException($"{node.GetType().Name} is no JSON"),
    };
}
