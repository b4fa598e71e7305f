using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Selectors;

namespace ModelOperator.DevCluster.ApiServer.Tables;

/// <summary>What <c>kubectl get</c> shows of kinds that the cluster stores and does not act on.</summary>
internal static class StoredColumns
{
    public static IReadOnlyList<TableColumn> VolumeClaims { get; } =
    [
        TableColumn.ObjectName,
        Text("Status", obj => obj.IsBeingDeleted() ? "Terminating" : obj.StringAt("status", "phase")),
        Text("Volume", obj => obj.StringAt("spec", "volumeName")),
        Text("Capacity", obj => obj.StringAt("status", "capacity", "storage")),
        Text("Access Modes", obj => Join(obj.ArrayAt("status", "accessModes"), mode => AccessMode(mode.StringOrNull()))),
        Text("StorageClass", obj => obj.StringAt("spec", "storageClassName")),
        Text("VolumeAttributesClass", obj => OrUnset(obj.StringAt("spec", "volumeAttributesClassName"))),
        TableColumn.Age,
        Text("VolumeMode", obj => OrUnset(obj.StringAt("spec", "volumeMode"))) with { Priority = 1 },
    ];

    public static IReadOnlyList<TableColumn> CronJobs { get; } =
    [
        TableColumn.ObjectName,
        Text("Schedule", obj => obj.StringAt("spec", "schedule")),
        Text("Timezone", obj => OrNone(obj.StringAt("spec", "timeZone"))),
        Text("Suspend", obj => obj.BooleanAt("spec", "suspend") ? "True" : "False") with { Type = "boolean" },
        new("Active", (obj, _) => obj.ArrayAt("status", "active")?.Count ?? 0) { Type = "integer" },
        new("Last Schedule", (obj, now) => obj.StringAt("status", "lastScheduleTime") is { } at ? HumanDuration.Since(at, now) : "<none>"),
        TableColumn.Age,
        Text("Containers", obj => Join(JobContainers(obj), container => container.StringAt("name"))) with { Priority = 1 },
        Text("Images", obj => Join(JobContainers(obj), container => container.StringAt("image"))) with { Priority = 1 },
        Text("Selector", obj => obj.ObjectAt("spec", "jobTemplate", "spec", "selector") is { } selector ? LabelSelector.FromObject(selector).ToString() : "<none>") with { Priority = 1 },
    ];

    public static IReadOnlyList<TableColumn> Autoscalers { get; } =
    [
        TableColumn.ObjectName,
        Text("Reference", obj => $"{obj.StringAt("spec", "scaleTargetRef", "kind")}/{obj.StringAt("spec", "scaleTargetRef", "name")}"),
        Text("Targets", obj => Join(obj.ArrayAt("spec", "metrics"), MetricTarget, ", ")),
        Text("MinPods", obj => obj.At("spec", "minReplicas")?.ToString() ?? "<unset>"),
        new("MaxPods", (obj, _) => obj.IntegerAt("spec", "maxReplicas") ?? 0),
        new("Replicas", (obj, _) => obj.IntegerAt("status", "currentReplicas") ?? 0),
        TableColumn.Age,
    ];

    public static IReadOnlyList<TableColumn> Ingresses { get; } =
    [
        TableColumn.ObjectName,
        Text("Class", obj => OrNone(obj.StringAt("spec", "ingressClassName"))),
        Text("Hosts", obj => Join(obj.ArrayAt("spec", "rules"), rule => rule.StringAt("host")) is { Length: > 0 } hosts ? hosts : "*"),
        Text("Address", obj => Join(obj.ArrayAt("status", "loadBalancer", "ingress"), entry => entry.StringAt("ip") ?? entry.StringAt("hostname"))),
        Text("Ports", obj => obj.ArrayAt("spec", "tls") is { Count: > 0 } ? "80, 443" : "80"),
        TableColumn.Age,
    ];

    public static IReadOnlyList<TableColumn> IngressClasses { get; } =
    [
        TableColumn.ObjectName,
        Text("Controller", obj => obj.StringAt("spec", "controller")),
        Text("Parameters", obj => obj.ObjectAt("spec", "parameters") is { } reference
            ? $"{reference.StringAt("kind")}{(reference.StringAt("apiGroup") is { } group ? $".{group}" : "")}/{reference.StringAt("name")}"
            : "<none>"),
        TableColumn.Age,
    ];

    public static IReadOnlyList<TableColumn> NetworkPolicies { get; } =
    [
        TableColumn.ObjectName,
        Text("Pod-Selector", obj => OrNone(LabelSelector.FromObject(obj.ObjectAt("spec", "podSelector") ?? []).ToString())),
        TableColumn.Age,
    ];

    public static IReadOnlyList<TableColumn> StorageClasses { get; } =
    [
        TableColumn.ObjectName,
        Text("Provisioner", obj => obj.StringAt("provisioner")),
        Text("ReclaimPolicy", obj => obj.StringAt("reclaimPolicy")),
        Text("VolumeBindingMode", obj => obj.StringAt("volumeBindingMode")),
        Text("AllowVolumeExpansion", obj => obj.BooleanAt("allowVolumeExpansion") ? "true" : "false"),
        TableColumn.Age,
    ];

    public static IReadOnlyList<TableColumn> RoleBindings { get; } =
    [
        TableColumn.ObjectName,
        Text("Role", obj => $"{obj.StringAt("roleRef", "kind")}/{obj.StringAt("roleRef", "name")}"),
        TableColumn.Age,
        Text("Users", obj => Subjects(obj, "User")) with { Priority = 1 },
        Text("Groups", obj => Subjects(obj, "Group")) with { Priority = 1 },
        Text("ServiceAccounts", obj => Subjects(obj, "ServiceAccount")) with { Priority = 1 },
    ];

    public static IReadOnlyList<TableColumn> WebhookConfigurations { get; } =
    [
        TableColumn.ObjectName,
        new("Webhooks", (obj, _) => obj.ArrayAt("webhooks")?.Count ?? 0) { Type = "integer" },
        TableColumn.Age,
    ];

    private static TableColumn Text(string name, Func<JsonObject, string?> value) => new(name, (obj, _) => value(obj) ?? "");

    private static string Join(JsonArray? list, Func<JsonNode?, string?> text, string separator = ",") =>
        string.Join(separator, (list ?? []).Select(text).Where(part => !string.IsNullOrEmpty(part)));

    private static string? AccessMode(string? mode) => mode switch
    {
        "ReadWriteOnce" => "RWO",
        "ReadOnlyMany" => "ROX",
        "ReadWriteMany" => "RWX",
        "ReadWriteOncePod" => "RWOP",
        _ => mode,
    };

    // Nothing measures here, so the present value is never known.
    private static string MetricTarget(JsonNode? metric)
    {
        var source = metric.ObjectAt(metric.StringAt("type") is { Length: > 0 } type ? char.ToLowerInvariant(type[0]) + type[1..] : "");
        var target = source.ObjectAt("target");
        var name = source.StringAt("name") is { } resource ? $"{resource}: " : "";
        return target.At("averageUtilization") is { } percent
            ? $"{name}<unknown>/{percent}%"
            : $"{name}<unknown>/{target.At("averageValue") ?? target.At("value")}";
    }

    private static string Subjects(JsonObject binding, string kind) =>
        Join(new JsonArray([.. (binding.ArrayAt("subjects") ?? []).Where(subject => subject.StringAt("kind") == kind).Select(subject => subject!.DeepClone())]),
            subject => subject.StringAt("namespace") is { } ns ? $"{ns}/{subject.StringAt("name")}" : subject.StringAt("name"),
            ", ");

    private static string OrNone(string? text) => string.IsNullOrEmpty(text) ? "<none>" : text;

    private static string OrUnset(string? text) => string.IsNullOrEmpty(text) ? "<unset>" : text;

    private static JsonArray? JobContainers(JsonObject obj) => obj.ArrayAt("spec", "jobTemplate", "spec", "template", "spec", "containers");
}
