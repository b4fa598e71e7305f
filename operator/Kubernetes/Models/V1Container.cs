namespace ModelOperator.Kubernetes.Models;

/// <summary>One container of a pod.</summary>
public sealed class V1Container
{
    public string Name { get; set; } = "";

    public string? Image { get; set; }

    /// <summary><c>Always</c>, <c>IfNotPresent</c> or <c>Never</c>.</summary>
    public string? ImagePullPolicy { get; set; }

    /// <summary>Replaces the image's entry point.</summary>
    public IList<string>? Command { get; set; }

    /// <summary>Replaces the image's arguments.</summary>
    public IList<string>? Args { get; set; }

    public string? WorkingDir { get; set; }

    public IList<V1ContainerPort>? Ports { get; set; }

    public IList<V1EnvVar>? Env { get; set; }

    public IList<V1EnvFromSource>? EnvFrom { get; set; }

    public V1ResourceRequirements? Resources { get; set; }

    public IList<V1VolumeMount>? VolumeMounts { get; set; }

    /// <summary>Failing restarts the container.</summary>
    public V1Probe? LivenessProbe { get; set; }

    /// <summary>Failing takes the pod out of its services.</summary>
    public V1Probe? ReadinessProbe { get; set; }

    /// <summary>The other probes wait until this one has passed.</summary>
    public V1Probe? StartupProbe { get; set; }

    public V1Lifecycle? Lifecycle { get; set; }

    public string? TerminationMessagePath { get; set; }

    /// <summary><c>File</c> or <c>FallbackToLogsOnError</c>.</summary>
    public string? TerminationMessagePolicy { get; set; }

    /// <summary><c>Always</c> makes an init container a side-car.</summary>
    public string? RestartPolicy { get; set; }

    public V1SecurityContext? SecurityContext { get; set; }
}
