using System.Text.Json;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Cli.Files;
using ModelOperator.Cli.Hosting;
using ModelOperator.Judgement.Queries;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Cli.Simulation;

/// <summary>The RollbackPolicy of a manifest.</summary>
internal static class PolicyFile
{
    /// <exception cref="CliException">There is not exactly one, or one that cannot judge; the message names the field.</exception>
    public static PolicySnapshot Read(string path, IReadOnlyList<YamlObject> documents)
    {
        if (documents.Where(document => document.Kind == "RollbackPolicy").ToList() is not [var document])
        {
            throw new CliException(ExitCode.Usage, $"{(path == "-" ? "stdin" : path)} must have one RollbackPolicy");
        }

        V1Alpha1RollbackPolicy policy;
        try
        {
            policy = KubernetesJson.Deserialize<V1Alpha1RollbackPolicy>(document.Content!.ToJsonString());
        }
        catch (JsonException failure)
        {
            var field = (failure.Path ?? "").TrimStart('$').TrimStart('.');
            throw new CliException(ExitCode.Usage, $"{document.PlaceOf(field)}: {field} does not have the type that it must have");
        }

        if (policy.Spec.Metrics.Count == 0)
        {
            throw new CliException(ExitCode.Usage, $"{document.PlaceOf("spec.metrics")}: spec.metrics: a policy without metrics judges nothing");
        }

        return PolicyValidation.Problems(policy.Spec) is [var problem, ..]
            ? throw new CliException(ExitCode.Usage, $"{document.PlaceOf(problem.Path)}: {problem}")
            : new PolicySnapshot { Name = policy.Metadata.Name ?? "policy", Spec = policy.Spec };
    }
}
