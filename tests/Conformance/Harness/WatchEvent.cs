using System.Text.Json.Nodes;

namespace ModelOperator.Conformance.Tests.Harness;

/// <summary>One line of a watch.</summary>
internal sealed record WatchEvent(string Type, JsonNode Object)
{
    public string? this[string path] => Reply.Render(Reply.At(Object, path));

    public override string ToString() => $"{Type} {this["metadata.name"]}".TrimEnd();
}
