using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Selectors;

namespace ModelOperator.DevCluster.ApiServer.Tables;

/// <summary>What <c>kubectl get</c> shows of the built-in kinds.</summary>
internal static class BuiltInColumns
{
    public static IReadOnlyList<TableColumn> Pods { get; } =
    [
        TableColumn.ObjectName,
        Of("Ready", PodCells.Ready),
        Of("Status", PodCells.Status),
        new("Restarts", PodCells.Restarts),
        TableColumn.Age,
        Wide("IP", pod => OrNone(pod.StringAt("status", "podIP"))),
        Wide("Node", pod => OrNone(pod.StringAt("spec", "nodeName"))),
        Wide("Nominated Node", pod => OrNone(pod.StringAt("status", "nominatedNodeName"))),
        Wide("Readiness Gates", _ => "<none>"),
    ];

    public static IReadOnlyList<TableColumn> Deployments { get; } =
    [
        TableColumn.ObjectName,
        Of("Ready", obj => $"{obj.IntegerAt("status", "readyReplicas") ?? 0}/{obj.IntegerAt("spec", "replicas") ?? 0}"),
        Integer("Up-to-date", "status", "updatedReplicas"),
        Integer("Available", "status", "availableReplicas"),
        TableColumn.Age,
        .. Template(),
    ];

    public static IReadOnlyList<TableColumn> ReplicaSets { get; } =
    [
        TableColumn.ObjectName,
        Integer("Desired", "spec", "replicas"),
        Integer("Current", "status", "replicas"),
        Integer("Ready", "status", "readyReplicas"),
        TableColumn.Age,
        .. Template(),
    ];

    public static IReadOnlyList<TableColumn> Services { get; } =
    [
        TableColumn.ObjectName,
        Of("Type", obj => obj.StringAt("spec", "type")),
        Of("Cluster-IP", obj => OrNone(obj.StringAt("spec", "clusterIP"))),
        Of("External-IP", obj => OrNone(obj.StringAt("spec", "externalName"))),
        Of("Port(s)", obj => OrNone(Ports(obj.ArrayAt("spec", "ports"), port => $"{port.At("port")}/{port.StringAt("protocol")}"))),
        TableColumn.Age,
        Wide("Selector", obj => OrNone(Labels(obj.ObjectAt("spec", "selector")))),
    ];

    public static IReadOnlyList<TableColumn> Nodes { get; } =
    [
        TableColumn.ObjectName,
        Of("Status", NodeStatus),
        Of("Roles", NodeRoles),
        TableColumn.Age,
        Of("Version", obj => obj.StringAt("status", "nodeInfo", "kubeletVersion")),
        Wide("Internal-IP", obj => OrNone(NodeAddress(obj, "InternalIP"))),
        Wide("External-IP", obj => OrNone(NodeAddress(obj, "ExternalIP"))),
        Wide("OS-Image", obj => obj.StringAt("status", "nodeInfo", "osImage") ?? "<unknown>"),
        Wide("Kernel-Version", obj => obj.StringAt("status", "nodeInfo", "kernelVersion") ?? "<unknown>"),
        Wide("Container-Runtime", obj => obj.StringAt("status", "nodeInfo", "containerRuntimeVersion") ?? "<unknown>"),
    ];

    public static IReadOnlyList<TableColumn> Namespaces { get; } =
        [TableColumn.ObjectName, Of("Status", obj => obj.StringAt("status", "phase")), TableColumn.Age];

    public static IReadOnlyList<TableColumn> ConfigMaps { get; } =
    [
        TableColumn.ObjectName,
        Of("Data", obj => (obj.ObjectAt("data")?.Count ?? 0) + (obj.ObjectAt("binaryData")?.Count ?? 0)),
        TableColumn.Age,
    ];

    public static IReadOnlyList<TableColumn> Secrets { get; } =
    [
        TableColumn.ObjectName,
        Of("Type", obj => obj.StringAt("type")),
        Of("Data", obj => obj.ObjectAt("data")?.Count ?? 0),
        TableColumn.Age,
    ];

    public static IReadOnlyList<TableColumn> ServiceAccounts { get; } = [TableColumn.ObjectName, TableColumn.Age];

    public static IReadOnlyList<TableColumn> Events { get; } =
    [
        new("Last Seen", (obj, now) => HumanDuration.Since(LastSeen(obj), now)),
        Of("Type", obj => obj.StringAt("type")),
        Of("Reason", obj => obj.StringAt("reason")),
        Of("Object", InvolvedObject),
        Wide("Subobject", obj => obj.StringAt("involvedObject", "fieldPath") ?? ""),
        Wide("Source", obj => obj.StringAt("source", "component") ?? obj.StringAt("reportingComponent") ?? ""),
        Of("Message", obj => obj.StringAt("message")?.Trim()),
        new("First Seen", (obj, now) => HumanDuration.Since(obj.StringAt("firstTimestamp") ?? obj.StringAt("eventTime"), now)) { Priority = 1 },
        Wide("Count", obj => (obj.IntegerAt("series", "count") ?? obj.IntegerAt("count") ?? 1).ToString()),
        new("Name", (obj, _) => obj.Name()) { Format = "name", Priority = 1 },
    ];

    public static IReadOnlyList<TableColumn> EndpointSlices { get; } =
    [
        TableColumn.ObjectName,
        Of("AddressType", obj => obj.StringAt("addressType")),
        Of("Ports", obj => OrUnset(Ports(obj.ArrayAt("ports"), port => port.At("port")?.ToString()))),
        Of("Endpoints", obj => OrUnset(First(3, (obj.ArrayAt("endpoints") ?? []).SelectMany(item => item.ArrayAt("addresses") ?? [])))),
        TableColumn.Age,
    ];

    public static IReadOnlyList<TableColumn> Endpoints { get; } =
    [
        TableColumn.ObjectName,
        Of("Endpoints", obj => OrNone(First(3, (obj.ArrayAt("subsets") ?? []).SelectMany(EndpointAddresses)))),
        TableColumn.Age,
    ];

    public static IReadOnlyList<TableColumn> Leases { get; } =
        [TableColumn.ObjectName, Of("Holder", obj => obj.StringAt("spec", "holderIdentity") ?? ""), TableColumn.Age];

    public static IReadOnlyList<TableColumn> Jobs { get; } =
    [
        TableColumn.ObjectName,
        Of("Status", JobStatus),
        Of("Completions", obj => $"{obj.IntegerAt("status", "succeeded") ?? 0}/{obj.IntegerAt("spec", "completions") ?? 1}"),
        Of("Duration", _ => ""),
        TableColumn.Age,
        .. Template(),
    ];

    public static IReadOnlyList<TableColumn> DisruptionBudgets { get; } =
    [
        TableColumn.ObjectName,
        Of("Min Available", obj => obj.At("spec", "minAvailable")?.ToString() ?? "N/A"),
        Of("Max Unavailable", obj => obj.At("spec", "maxUnavailable")?.ToString() ?? "N/A"),
        Integer("Allowed Disruptions", "status", "disruptionsAllowed"),
        TableColumn.Age,
    ];

    public static IReadOnlyList<TableColumn> Definitions { get; } =
        [TableColumn.ObjectName, new("Created At", (obj, _) => obj.StringAt("metadata", "creationTimestamp")) { Type = "date" }];

    private static TableColumn Of(string name, Func<JsonObject, JsonNode?> value) => new(name, (obj, _) => value(obj));

    private static TableColumn Wide(string name, Func<JsonObject, JsonNode?> value) => Of(name, value) with { Priority = 1 };

    private static TableColumn Integer(string name, string part, string field) => Of(name, obj => obj.IntegerAt(part, field) ?? 0) with { Type = "integer" };

    private static TableColumn[] Template() =>
    [
        Wide("Containers", obj => Containers(obj, "name")),
        Wide("Images", obj => Containers(obj, "image")),
        Wide("Selector", obj => obj.ObjectAt("spec", "selector") is { } selector ? LabelSelector.FromObject(selector).ToString() : ""),
    ];

    private static string Containers(JsonObject obj, string field) =>
        string.Join(",", (obj.ArrayAt("spec", "template", "spec", "containers") ?? []).Select(container => container.StringAt(field)));

    private static string Ports(JsonArray? ports, Func<JsonNode?, string?> text) => string.Join(",", (ports ?? []).Select(text));

    private static string Labels(JsonObject? labels) => string.Join(",", (labels ?? []).Select(label => $"{label.Key}={label.Value}"));

    private static string First(int count, IEnumerable<JsonNode?> values)
    {
        var all = values.Select(value => value?.ToString()).ToList();
        return string.Join(",", all.Take(count)) + (all.Count > count ? $" + {all.Count - count} more..." : "");
    }

    private static IEnumerable<JsonNode?> EndpointAddresses(JsonNode? subset) =>
        from address in subset.ArrayAt("addresses") ?? []
        from port in subset.ArrayAt("ports") ?? []
        select (JsonNode?)JsonValue.Create($"{address.StringAt("ip")}:{port.At("port")}");

    private static string OrNone(string? text) => string.IsNullOrEmpty(text) ? "<none>" : text;

    private static string OrUnset(string text) => text.Length == 0 ? "<unset>" : text;

    private static string? LastSeen(JsonObject obj) =>
        obj.StringAt("series", "lastObservedTime") ?? obj.StringAt("lastTimestamp") ?? obj.StringAt("eventTime")
        ?? obj.StringAt("firstTimestamp") ?? obj.StringAt("metadata", "creationTimestamp");

    private static JsonNode? InvolvedObject(JsonObject obj)
    {
        var (kind, name) = (obj.StringAt("involvedObject", "kind")?.ToLowerInvariant(), obj.StringAt("involvedObject", "name"));
        return string.IsNullOrEmpty(name) ? kind ?? "" : $"{kind}/{name}";
    }

    private static JsonNode? NodeStatus(JsonObject node)
    {
        var ready = (node.ArrayAt("status", "conditions") ?? []).FirstOrDefault(condition => condition.StringAt("type") == "Ready");
        var text = ready.StringAt("status") switch { "True" => "Ready", null => "Unknown", _ => "NotReady" };
        return node.BooleanAt("spec", "unschedulable") ? $"{text},SchedulingDisabled" : text;
    }

    private static JsonNode? NodeRoles(JsonObject node)
    {
        const string Prefix = "node-role.kubernetes.io/";
        var roles = (node.ObjectAt("metadata", "labels") ?? []).Where(label => label.Key.StartsWith(Prefix, StringComparison.Ordinal));
        return OrNone(string.Join(",", roles.Select(label => label.Key[Prefix.Length..])));
    }

    private static string? NodeAddress(JsonObject node, string type) =>
        (node.ArrayAt("status", "addresses") ?? []).FirstOrDefault(address => address.StringAt("type") == type).StringAt("address");

    private static JsonNode? JobStatus(JsonObject job)
    {
        foreach (var condition in job.ArrayAt("status", "conditions") ?? [])
        {
            if (condition.StringAt("status") == "True" && condition.StringAt("type") is "Complete" or "Failed" or "Suspended")
            {
                return condition.StringAt("type")!;
            }
        }

        return "Running";
    }
}
