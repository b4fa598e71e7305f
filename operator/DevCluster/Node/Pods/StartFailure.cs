using ModelOperator.DevCluster.Node.Containers;
using ModelOperator.DevCluster.Node.Images;

namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>What a failed start means for the pod, by kubelet's names.</summary>
internal static class StartFailure
{
    private const int StartErrorExitCode = 128;

    public static PodInput Of(string container, Exception error) => error switch
    {
        ImageNotFoundException => new PodInput.StartFailed(container, "ErrImagePull", error.Message),
        ContainerConfigException => new PodInput.StartFailed(container, "CreateContainerConfigError", error.Message),
        ExecutableNotFoundException => new PodInput.ContainerExited(container, null, StartErrorExitCode, "StartError", error.Message),
        _ => new PodInput.StartFailed(container, "RunContainerError", error.Message),
    };
}
