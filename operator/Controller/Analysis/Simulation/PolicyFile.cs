using System.Text.Json;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Controller.Analysis.Queries;
using ModelOperator.Kubernetes.Serialization;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace ModelOperator.Controller.Analysis.Simulation;

/// <summary>Reads a RollbackPolicy manifest.</summary>
internal static class PolicyFile
{
    /// <exception cref="FormatException">It is none, or one that cannot judge; the message names the field.</exception>
    public static PolicySnapshot Read(TextReader text)
    {
        try
        {
            var document = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<object?>(text);
            var json = new SerializerBuilder().JsonCompatible().Build().Serialize(document);
            var policy = KubernetesJson.Deserialize<V1Alpha1RollbackPolicy>(json);
            if (policy.Kind != "RollbackPolicy" || policy.Spec.Metrics.Count == 0)
            {
                throw new FormatException("it is no RollbackPolicy with metrics");
            }

            return PolicyValidation.Problems(policy.Spec) is [var problem, ..]
                ? throw new FormatException(problem.ToString())
                : new PolicySnapshot { Name = policy.Metadata.Name ?? "policy", Spec = policy.Spec };
        }
        catch (YamlException e)
        {
            throw new FormatException($"it is not YAML at line {e.Start.Line}: {e.Message}", e);
        }
        catch (JsonException e)
        {
            throw new FormatException($"it is not shaped like a RollbackPolicy: {e.Message}", e);
        }
    }
}
