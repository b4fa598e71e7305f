using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.EndToEnd.Tests;

/// <summary>ModelDeployments of the sample models, with steps of seconds.</summary>
internal static class Digits
{
    /// <summary>The policy of every deployment that names no other.</summary>
    public const string Policy = "answers";

    /// <summary>A policy that never has seen enough.</summary>
    public const string PatientPolicy = "patient";

    /// <summary>A policy that looks at errors alone: on a busy machine every model is slow.</summary>
    public static V1Alpha1RollbackPolicy ErrorPolicy(string name, long minSamples) => new()
    {
        ApiVersion = ApiGroup.ApiVersion,
        Kind = "RollbackPolicy",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Spec = new RollbackPolicySpec
        {
            Interval = "1s",
            Metrics = [new PolicyMetric { Name = "errors", Builtin = "errorRate", Max = 0.02, MinSamples = minSamples }],
            OnNoData = new UnknownHandling { Action = "Hold", For = "10m", Then = "Pause" },
            OnError = new UnknownHandling { Action = "Hold", For = "10m", Then = "Pause" },
        },
    };

    /// <summary>
    /// A policy that waits until a candidate is shown to be slow less than three times as often as stable. Nobody answers within the bound,
    /// so that there is much to count soon and both are the same.
    /// </summary>
    public static V1Alpha1RollbackPolicy EvidencePolicy(string name) => new()
    {
        ApiVersion = ApiGroup.ApiVersion,
        Kind = "RollbackPolicy",
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
        Spec = new RollbackPolicySpec
        {
            Interval = "1s",
            Metrics =
            [
                new PolicyMetric
                {
                    Name = "no-slower",
                    MinSamples = 25,
                    Compare = new MetricComparison { Builtin = "slow", SlowerThan = "250us", MaxRatio = 2, ProvenBelow = 3 },
                },
            ],
        },
    };

    /// <summary>A deployment that serves one of the sample models.</summary>
    /// <param name="cluster">Where the models are.</param>
    /// <param name="name">The deployment's name.</param>
    /// <param name="model">A folder of samples/digits: v1, v2, crashing, slow or skewed.</param>
    /// <param name="edit">What is different.</param>
    public static V1Alpha1ModelDeployment Deployment(InstalledCluster cluster, string name, string model, Action<ModelDeploymentSpec>? edit = null)
    {
        var spec = new ModelDeploymentSpec
        {
            Model = new ModelSource { Uri = $"http://{cluster.Installation.ModelStore}/digits/{model}/model.onnx", Version = model },
            Runtime = new RuntimeSettings { Resources = Resources(memoryLimit: "512Mi") },
            Replicas = 2,
            Rollout = new RolloutSettings
            {
                Steps = [new RolloutStep { Weight = 20, Hold = "4s" }, new RolloutStep { Weight = 50, Hold = "4s" }],
                Bake = "3s",
                ProgressDeadline = "60s",
                Policies = [new PolicyReference { Name = Policy }],
            },
        };
        edit?.Invoke(spec);
        return new V1Alpha1ModelDeployment
        {
            ApiVersion = ApiGroup.ApiVersion,
            Kind = "ModelDeployment",
            Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "default" },
            Spec = spec,
        };
    }

    public static V1ResourceRequirements Resources(string memoryLimit) => new()
    {
        Requests = new Dictionary<string, string> { ["cpu"] = "50m", ["memory"] = "64Mi" },
        Limits = new Dictionary<string, string> { ["memory"] = memoryLimit },
    };
}
