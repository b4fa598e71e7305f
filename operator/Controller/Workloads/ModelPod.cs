using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Workloads;

/// <summary>
/// The pod of a revision: an init container that brings the model and verifies its bytes, and the runtime that serves it. It
/// depends on the ModelRevision alone, and meets the restricted Pod Security level.
/// </summary>
internal static class ModelPod
{
    public const string FetchContainer = ContainerNames.Fetch;
    public const string ModelContainer = ContainerNames.Model;

    /// <summary>The key of the ConfigMap that pins the digest of a revision's bytes.</summary>
    public const string DigestKey = "sha256";

    private const string ModelDirectory = "/model";
    private const string ModelFile = ModelDirectory + "/model.onnx";
    private const string TerminationLog = "/dev/termination-log";
    private const string ModelVolume = "model";
    private const string SourceVolume = "source";
    private const string SourceDirectory = "/source";

    // Loading a large model takes minutes; a pod that takes longer than this has hung.
    private const int MaxStartSeconds = 1800;

    public static V1PodTemplateSpec Template(V1Alpha1ModelRevision revision) => new()
    {
        Metadata = new V1ObjectMeta { Labels = OwnedObject.Labels(revision) },
        Spec = new V1PodSpec
        {
            AutomountServiceAccountToken = false,
            EnableServiceLinks = false,
            TerminationGracePeriodSeconds = 60,
            SecurityContext = new V1PodSecurityContext
            {
                RunAsNonRoot = true,
                SeccompProfile = new V1SeccompProfile { Type = "RuntimeDefault" },
            },
            NodeSelector = revision.Spec.Accelerator?.Product is { } product
                ? new Dictionary<string, string> { ["nvidia.com/gpu.product"] = product }
                : null,
            InitContainers = [Fetch(revision)],
            Containers = [Serve(revision)],
            Volumes = [new V1Volume { Name = ModelVolume, EmptyDir = new V1EmptyDirVolumeSource() }, .. SourceVolumes(revision)],
        },
    };

    private static V1Container Fetch(V1Alpha1ModelRevision revision)
    {
        var fetch = revision.Spec.ServingRuntime.Fetch;
        return new V1Container
        {
            Name = FetchContainer,
            Image = fetch.Image,
            Command = fetch.Command,
            Args = fetch.Args,
            Env =
            [
                Variable("MODEL_URI", ClaimOf(revision) is { } claim ? $"file://{SourceDirectory}{claim.Path}" : revision.Spec.Model.Uri),
                Variable("MODEL_PATH", ModelFile),
                Digest(revision),
                Variable("TERMINATION_LOG", TerminationLog),
            ],
            Resources = Resources(revision, withDevices: false),
            SecurityContext = Restricted(),
            TerminationMessagePath = TerminationLog,
            TerminationMessagePolicy = "FallbackToLogsOnError",
            VolumeMounts =
            [
                new V1VolumeMount { Name = ModelVolume, MountPath = ModelDirectory },
                .. SourceVolumes(revision).Select(volume => new V1VolumeMount { Name = volume.Name, MountPath = SourceDirectory, ReadOnlyProperty = true }),
            ],
        };
    }

    private static V1Container Serve(V1Alpha1ModelRevision revision)
    {
        var (runtime, probes) = (revision.Spec.ServingRuntime, revision.Spec.ServingRuntime.Probes);
        var ready = probes?.Ready ?? "/readyz";
        List<V1EnvVar> given = [.. runtime.Env ?? [], .. revision.Spec.Runtime?.Env ?? []];
        return new V1Container
        {
            Name = ModelContainer,
            Image = runtime.Image,
            Command = runtime.Command,
            Args = [.. runtime.Args ?? [], .. revision.Spec.Runtime?.Args ?? []],
            Env = Merge(
                [
                    Variable("MODEL_NAME", revision.Spec.Model.Name ?? revision.Spec.Deployment),
                    Variable("MODEL_PATH", ModelFile),
                    Variable("MODEL_VERSION", revision.Spec.Version),
                    Variable("MODEL_REVISION", revision.Name()),
                    Digest(revision),
                    .. RuntimeVariables(revision.Spec.Runtime),
                    new V1EnvVar { Name = "POD_IP", ValueFrom = new V1EnvVarSource { FieldRef = new V1ObjectFieldSelector { FieldPath = "status.podIP" } } },
                ],
                given),
            Ports =
            [
                new V1ContainerPort { Name = Ports.HttpName, ContainerPort = runtime.Ports?.Http ?? Ports.ModelRest },
                .. runtime.Ports?.Grpc is { } grpc ? [new V1ContainerPort { Name = Ports.GrpcName, ContainerPort = grpc }] : (V1ContainerPort[])[],
                new V1ContainerPort { Name = Ports.MetricsName, ContainerPort = runtime.Ports?.Metrics ?? Ports.ModelMetrics },
                new V1ContainerPort { Name = Ports.HealthName, ContainerPort = runtime.Ports?.Health ?? Ports.ModelHealth },
            ],
            StartupProbe = Probe(ready, periodSeconds: 1, failures: MaxStartSeconds),
            ReadinessProbe = Probe(ready, periodSeconds: 2, failures: 2),
            LivenessProbe = Probe(probes?.Live ?? "/livez", periodSeconds: 10, failures: 3),
            Resources = Resources(revision, withDevices: true),
            SecurityContext = Restricted(),
            TerminationMessagePolicy = "FallbackToLogsOnError",
            VolumeMounts = [new V1VolumeMount { Name = ModelVolume, MountPath = ModelDirectory, ReadOnlyProperty = true }],
        };
    }

    // Only what is asked for is set: a pod of an older revision stays as it is when a field is added.
    private static IEnumerable<V1EnvVar> RuntimeVariables(RuntimeSettings? runtime)
    {
        if (runtime?.ExecutionProvider is { } provider and not "auto")
        {
            yield return Variable("EXECUTION_PROVIDER", provider);
        }
        if (runtime?.Batching is { } batching)
        {
            yield return Variable("MAX_BATCH_SIZE", $"{batching.MaxBatchSize}");
            if (batching.MaxDelay is { } delay && Duration.Parse(delay) is var longest && longest > TimeSpan.Zero)
            {
                yield return Variable("MAX_BATCH_DELAY_MICROSECONDS", $"{longest.TotalMicroseconds:0}");
            }
        }
        if (runtime?.Warmup?.Requests is { } requests)
        {
            yield return Variable("WARMUP_REQUESTS", $"{requests}");
        }
    }

    private static (string Name, string Path)? ClaimOf(V1Alpha1ModelRevision revision) =>
        Uri.TryCreate(revision.Spec.Model.Uri, UriKind.Absolute, out var uri) && uri.Scheme == "pvc" ? (uri.Host, uri.AbsolutePath) : null;

    private static IEnumerable<V1Volume> SourceVolumes(V1Alpha1ModelRevision revision)
    {
        if (ClaimOf(revision) is { } claim)
        {
            yield return new V1Volume
            {
                Name = SourceVolume,
                PersistentVolumeClaim = new V1PersistentVolumeClaimVolumeSource { ClaimName = claim.Name, ReadOnlyProperty = true },
            };
        }
    }

    /// <summary>The bytes that must be served: as asked for, or as the first pod of the revision found them.</summary>
    private static V1EnvVar Digest(V1Alpha1ModelRevision revision) => revision.Spec.Model.Sha256 is { } sha256
        ? Variable("MODEL_SHA256", sha256)
        : new V1EnvVar
        {
            Name = "MODEL_SHA256",
            ValueFrom = new V1EnvVarSource { ConfigMapKeyRef = new V1KeySelector { Name = revision.Name(), Key = DigestKey, Optional = true } },
        };

    private static V1ResourceRequirements? Resources(V1Alpha1ModelRevision revision, bool withDevices)
    {
        var asked = revision.Spec.Runtime?.Resources ?? revision.Spec.ServingRuntime.Resources;
        if (!withDevices || revision.Spec.Accelerator is not { } accelerator)
        {
            return asked;
        }

        var resource = accelerator.MigProfile is { } profile ? $"nvidia.com/mig-{profile}" : accelerator.Resource ?? "nvidia.com/gpu";
        return new V1ResourceRequirements
        {
            Requests = asked?.Requests,
            Limits = new Dictionary<string, string>(asked?.Limits ?? new Dictionary<string, string>()) { [resource] = $"{accelerator.Count ?? 1}" },
        };
    }

    // What is given replaces what is generated; the rest keeps its order, so that $(NAME) finds what stands before it.
    private static List<V1EnvVar> Merge(IEnumerable<V1EnvVar> generated, IReadOnlyList<V1EnvVar> given)
    {
        var names = given.Select(variable => variable.Name).ToHashSet(StringComparer.Ordinal);
        var last = given.GroupBy(variable => variable.Name).Select(group => group.Last());
        return [.. generated.Where(variable => !names.Contains(variable.Name)), .. last];
    }

    private static V1EnvVar Variable(string name, string value) => new() { Name = name, Value = value };

    private static V1Probe Probe(string path, int periodSeconds, int failures) => new()
    {
        HttpGet = new V1HTTPGetAction { Path = path, Port = Ports.HealthName },
        PeriodSeconds = periodSeconds,
        TimeoutSeconds = 2,
        FailureThreshold = failures,
    };

    private static V1SecurityContext Restricted() => new()
    {
        AllowPrivilegeEscalation = false,
        Capabilities = new V1Capabilities { Drop = ["ALL"] },
    };
}
