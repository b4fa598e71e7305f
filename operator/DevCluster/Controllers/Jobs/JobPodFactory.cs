using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.DevCluster.Controllers.Jobs;

/// <summary>Makes the pods of a job from its template, with every field that the template has.</summary>
internal static class JobPodFactory
{
    private const string IndexVariable = "JOB_COMPLETION_INDEX";
    private const string NameAlphabet = "bcdfghjklmnpqrstvwxz2456789";
    private const int SuffixLength = 5;
    private const int MaxPrefixLength = 63 - SuffixLength;

    /// <param name="job">The owner.</param>
    /// <param name="index">The completion index; null in a job without.</param>
    public static JsonObject Create(Job job, int? index)
    {
        var template = job.Spec.Template;
        var metadata = (JsonObject?)template["metadata"]?.DeepClone() ?? [];
        var spec = (JsonObject?)template["spec"]?.DeepClone() ?? [];
        var prefix = Prefix(job.Metadata.Name!, index);
        metadata["generateName"] = prefix;
        // The server would pick such a name itself; picked here, the pod is known before it is seen.
        metadata["name"] = prefix + RandomNumberGenerator.GetString(NameAlphabet, SuffixLength);
        metadata["namespace"] = job.Metadata.NamespaceProperty;
        metadata["finalizers"] = new JsonArray([.. Texts(metadata["finalizers"]).Append(JobPods.TrackingFinalizer).Distinct().Select(f => JsonValue.Create(f))]);
        metadata["ownerReferences"] = new JsonArray(
            JsonSerializer.SerializeToNode(job.CreateOwnerReference(controller: true, blockDeletion: true), KubernetesJson.Options));
        if (index is { } number)
        {
            SetIndex(job, metadata, spec, number.ToString(CultureInfo.InvariantCulture));
        }

        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = metadata, ["spec"] = spec };
    }

    private static string Prefix(string job, int? index)
    {
        var end = index is { } number ? $"-{number}-" : "-";
        return job[..Math.Min(job.Length, MaxPrefixLength - end.Length)] + end;
    }

    private static void SetIndex(Job job, JsonObject metadata, JsonObject spec, string index)
    {
        foreach (var map in (ReadOnlySpan<string>)["annotations", "labels"])
        {
            if (metadata[map] is not JsonObject values)
            {
                metadata[map] = values = [];
            }

            values[JobPods.IndexName] = index;
        }

        spec["hostname"] = $"{job.Metadata.Name}-{index}";
        foreach (var list in (ReadOnlySpan<string>)["initContainers", "containers"])
        {
            foreach (var container in (spec[list] as JsonArray ?? []).OfType<JsonObject>())
            {
                if (container["env"] is not JsonArray env)
                {
                    container["env"] = env = [];
                }

                if (!env.Any(v => (string?)v?["name"] == IndexVariable))
                {
                    env.Add((JsonNode)new JsonObject
                    {
                        ["name"] = IndexVariable,
                        ["valueFrom"] = new JsonObject { ["fieldRef"] = new JsonObject { ["fieldPath"] = $"metadata.labels['{JobPods.IndexName}']" } },
                    });
                }
            }
        }
    }

    private static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(item => (string)item!);
}
