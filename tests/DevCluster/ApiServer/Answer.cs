using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.Tests.ApiServer;

internal sealed record Answer(int Code, JsonNode? Json, string Text, IReadOnlyList<string> Warnings)
{
    public string? Message => Json?["message"]?.GetValue<string>();

    public string? Reason => Json?["reason"]?.GetValue<string>();

    public string Version => Json!["metadata"]!["resourceVersion"]!.GetValue<string>();

    public JsonNode? At(params string[] path)
    {
        var node = Json;
        foreach (var step in path)
        {
            node = node?[step];
        }

        return node;
    }
}
