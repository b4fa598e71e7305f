using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.DevCluster.Controllers.ReplicaSets;

/// <summary>Makes the pods of a ReplicaSet from its template, with every field that the template has.</summary>
internal static class ReplicaSetPods
{
    private const string NameAlphabet = "bcdfghjklmnpqrstvwxz2456789";
    private const int SuffixLength = 5;

    /// <param name="replicaSet">The owner.</param>
    /// <param name="name">The pod's name. The server would pick such a name itself; picked here, the pod is known before it is seen.</param>
    public static JsonObject Create(ReplicaSet replicaSet, out string name)
    {
        var template = replicaSet.Spec.Template;
        var metadata = (JsonObject?)template["metadata"]?.DeepClone() ?? [];
        var prefix = $"{replicaSet.Name()}-";
        name = prefix + RandomNumberGenerator.GetString(NameAlphabet, SuffixLength);
        metadata["generateName"] = prefix;
        metadata["name"] = name;
        metadata["namespace"] = replicaSet.Namespace();
        metadata.Remove("creationTimestamp");
        metadata["ownerReferences"] = new JsonArray(
            JsonSerializer.SerializeToNode(replicaSet.CreateOwnerReference(controller: true, blockDeletion: true), KubernetesJson.Options));
        return new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Pod", ["metadata"] = metadata, ["spec"] = template["spec"]?.DeepClone() ?? new JsonObject() };
    }
}
