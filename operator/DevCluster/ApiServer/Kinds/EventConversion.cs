using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.ApiServer.Kinds;

/// <summary>Events are stored as core/v1; events.k8s.io/v1 shows the same objects under other names.</summary>
internal static class EventConversion
{
    private static readonly (string Core, string Events)[] Names =
    [
        ("involvedObject", "regarding"),
        ("message", "note"),
        ("reportingComponent", "reportingController"),
        ("source", "deprecatedSource"),
        ("firstTimestamp", "deprecatedFirstTimestamp"),
        ("lastTimestamp", "deprecatedLastTimestamp"),
        ("count", "deprecatedCount"),
    ];

    public static JsonObject ToCore(JsonObject obj) => Rename(obj, "v1", pair => pair.Events, pair => pair.Core);

    public static JsonObject FromCore(JsonObject obj) => Rename(obj, "events.k8s.io/v1", pair => pair.Core, pair => pair.Events);

    private static JsonObject Rename(JsonObject obj, string apiVersion, Func<(string Core, string Events), string> from, Func<(string Core, string Events), string> to)
    {
        var result = new JsonObject { ["kind"] = "Event", ["apiVersion"] = apiVersion };
        foreach (var (name, value) in obj)
        {
            if (name is "kind" or "apiVersion")
            {
                continue;
            }

            var pair = Array.Find(Names, candidate => from(candidate) == name);
            result[pair == default ? name : to(pair)] = value?.DeepClone();
        }

        return result;
    }
}
