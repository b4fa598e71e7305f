using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Pods;

/// <summary>The defaults of a pod spec, shared by pods and everything with a pod template.</summary>
internal static class PodTemplateDefaults
{
    public static void Apply(JsonObject podSpec)
    {
        podSpec.SetDefault("restartPolicy", "Always");
        podSpec.SetDefault("terminationGracePeriodSeconds", 30L);
        podSpec.SetDefault("dnsPolicy", "ClusterFirst");
        podSpec.SetDefault("schedulerName", "default-scheduler");
        podSpec.SetDefault("securityContext", new JsonObject());
        if (podSpec.StringAt("serviceAccountName") is { Length: > 0 } account)
        {
            podSpec.SetDefault("serviceAccount", account);
        }

        foreach (var list in (ReadOnlySpan<string>)["initContainers", "containers"])
        {
            foreach (var container in podSpec.ArrayAt(list)?.OfType<JsonObject>() ?? [])
            {
                Container(container, podSpec.BooleanAt("hostNetwork"));
            }
        }

        foreach (var volume in podSpec.ArrayAt("volumes")?.OfType<JsonObject>() ?? [])
        {
            Volume(volume);
        }
    }

    private static void Container(JsonObject container, bool hostNetwork)
    {
        var image = container.StringAt("image") ?? "";
        container.SetDefault("imagePullPolicy", HasLatestTag(image) ? "Always" : "IfNotPresent");
        container.SetDefault("terminationMessagePath", "/dev/termination-log");
        container.SetDefault("terminationMessagePolicy", "File");
        container.SetDefault("resources", new JsonObject());
        Requests(container.ObjectAt("resources")!);
        foreach (var port in container.ArrayAt("ports")?.OfType<JsonObject>() ?? [])
        {
            port.SetDefault("protocol", "TCP");
            if (hostNetwork)
            {
                port.SetDefault("hostPort", port["containerPort"]?.DeepClone());
            }
        }

        foreach (var variable in container.ArrayAt("env")?.OfType<JsonObject>() ?? [])
        {
            variable.ObjectAt("valueFrom", "fieldRef")?.SetDefault("apiVersion", "v1");
        }

        foreach (var probe in (ReadOnlySpan<string>)["livenessProbe", "readinessProbe", "startupProbe"])
        {
            if (container.ObjectAt(probe) is { } settings)
            {
                Probe(settings);
            }
        }

        foreach (var hook in (ReadOnlySpan<string>)["preStop", "postStart"])
        {
            if (container.ObjectAt("lifecycle", hook, "httpGet") is { } http)
            {
                http.SetDefault("path", "/");
                http.SetDefault("scheme", "HTTP");
            }
        }
    }

    // A limit without a request is the request.
    private static void Requests(JsonObject resources)
    {
        if (resources.ObjectAt("limits") is not { } limits)
        {
            return;
        }

        var requests = resources.Ensure("requests");
        foreach (var (name, limit) in limits)
        {
            requests.SetDefault(name, limit?.DeepClone());
        }
    }

    private static void Probe(JsonObject probe)
    {
        probe.SetDefault("timeoutSeconds", 1L);
        probe.SetDefault("periodSeconds", 10L);
        probe.SetDefault("successThreshold", 1L);
        probe.SetDefault("failureThreshold", 3L);
        if (probe.ObjectAt("httpGet") is { } http)
        {
            http.SetDefault("path", "/");
            http.SetDefault("scheme", "HTTP");
        }

        probe.ObjectAt("grpc")?.SetDefault("service", "");
    }

    private static void Volume(JsonObject volume)
    {
        foreach (var source in (ReadOnlySpan<string>)["configMap", "secret", "downwardAPI", "projected"])
        {
            volume.ObjectAt(source)?.SetDefault("defaultMode", 420L);
        }

        foreach (var source in volume.ArrayAt("projected", "sources") ?? [])
        {
            source.ObjectAt("serviceAccountToken")?.SetDefault("expirationSeconds", 3600L);
            FieldReferences(source.ObjectAt("downwardAPI"));
        }

        FieldReferences(volume.ObjectAt("downwardAPI"));
        volume.ObjectAt("hostPath")?.SetDefault("type", "");
        if (volume.Count == 1 && volume.ContainsKey("name"))
        {
            volume["emptyDir"] = new JsonObject();
        }
    }

    private static void FieldReferences(JsonObject? downward)
    {
        foreach (var item in downward.ArrayAt("items") ?? [])
        {
            item.ObjectAt("fieldRef")?.SetDefault("apiVersion", "v1");
        }
    }

    private static bool HasLatestTag(string image)
    {
        if (image.Contains('@'))
        {
            return false;
        }

        var tag = image.LastIndexOf(':');
        return tag <= image.LastIndexOf('/') || image.AsSpan(tag + 1) is "latest";
    }
}
