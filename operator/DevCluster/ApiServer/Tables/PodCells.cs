using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Tables;

/// <summary>The columns of pods, which sum up the states of their containers.</summary>
internal static class PodCells
{
    public static JsonNode? Ready(JsonObject pod)
    {
        var total = pod.ArrayAt("spec", "containers")?.Count ?? 0;
        var ready = Statuses(pod, "containerStatuses").Count(status => status.BooleanAt("ready") && status.At("state", "running") is not null);
        return $"{ready}/{total}";
    }

    public static JsonNode? Status(JsonObject pod)
    {
        var reason = pod.StringAt("status", "reason") is { Length: > 0 } given ? given : pod.StringAt("status", "phase") ?? "Unknown";
        var initializing = Initializing(pod);
        if (initializing is not null)
        {
            reason = initializing;
        }
        else
        {
            reason = Containers(pod, reason);
        }

        if (!pod.IsBeingDeleted())
        {
            return reason;
        }

        return pod.StringAt("status", "reason") == "NodeLost" ? "Unknown" : "Terminating";
    }

    public static JsonNode? Restarts(JsonObject pod, DateTimeOffset now)
    {
        var statuses = Statuses(pod, "containerStatuses").ToList();
        if (Initializing(pod) is not null)
        {
            statuses = [.. Statuses(pod, "initContainerStatuses")];
        }

        var count = statuses.Sum(status => status.IntegerAt("restartCount") ?? 0);
        var last = statuses.Select(status => status.StringAt("lastState", "terminated", "finishedAt")).Max(StringComparer.Ordinal);
        return count > 0 && last is not null ? $"{count} ({HumanDuration.Since(last, now)} ago)" : count.ToString();
    }

    private static string? Initializing(JsonObject pod)
    {
        var total = pod.ArrayAt("spec", "initContainers")?.Count ?? 0;
        var index = 0;
        foreach (var status in Statuses(pod, "initContainerStatuses"))
        {
            if (status.ObjectAt("state", "terminated") is { } terminated)
            {
                if ((terminated.IntegerAt("exitCode") ?? 0) == 0)
                {
                    index++;
                    continue;
                }

                return $"Init:{terminated.StringAt("reason") ?? $"ExitCode:{terminated.IntegerAt("exitCode")}"}";
            }

            if (status.StringAt("state", "waiting", "reason") is { Length: > 0 } waiting && waiting != "PodInitializing")
            {
                return $"Init:{waiting}";
            }

            return $"Init:{index}/{total}";
        }

        return null;
    }

    private static string Containers(JsonObject pod, string reason)
    {
        var running = false;
        foreach (var status in Statuses(pod, "containerStatuses").Reverse())
        {
            if (status.StringAt("state", "waiting", "reason") is { Length: > 0 } waiting)
            {
                reason = waiting;
            }
            else if (status.ObjectAt("state", "terminated") is { } terminated)
            {
                var signal = terminated.IntegerAt("signal") ?? 0;
                reason = terminated.StringAt("reason") is { Length: > 0 } given ? given
                    : signal != 0 ? $"Signal:{signal}"
                    : $"ExitCode:{terminated.IntegerAt("exitCode")}";
            }
            else if (status.BooleanAt("ready") && status.At("state", "running") is not null)
            {
                running = true;
            }
        }

        if (reason != "Completed" || !running)
        {
            return reason;
        }

        var ready = (pod.ArrayAt("status", "conditions") ?? []).Any(condition => condition.StringAt("type") == "Ready" && condition.StringAt("status") == "True");
        return ready ? "Running" : "NotReady";
    }

    private static IEnumerable<JsonObject> Statuses(JsonObject pod, string list) => pod.ArrayAt("status", list)?.OfType<JsonObject>() ?? [];
}
