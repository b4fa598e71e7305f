using ModelOperator.Kubernetes.Client;

namespace ModelOperator.Cli.Hosting;

/// <summary>Says a failure in one sentence, and which exit code it has.</summary>
internal static class Failure
{
    /// <summary>The exit code, and the sentence; null when there is nothing to say.</summary>
    public static (ExitCode Code, string? Message) Explain(Exception failure) => failure switch
    {
        CliException told => (told.Code, told.Message),
        OperationCanceledException => (ExitCode.Interrupted, null),
        KubernetesConfigurationException => (ExitCode.NoCluster, failure.Message),
        CredentialsException => (ExitCode.NoCluster, failure.Message),
        KubernetesException { IsUnauthorized: true } => (ExitCode.NoCluster, $"the cluster does not know who asks ({failure.Message}); log in again, or choose another --context"),
        KubernetesException { IsForbidden: true } => (ExitCode.NoCluster, $"not permitted: {failure.Message}"),
        KubernetesException { IsConflict: true } => (ExitCode.Failed, $"somebody else has just written it, and nothing was changed; look again and repeat the command ({failure.Message})"),
        KubernetesException or IOException or UnauthorizedAccessException or FormatException => (ExitCode.Failed, failure.Message),
        HttpRequestException => (ExitCode.NoCluster, $"the cluster does not answer: {Innermost(failure)}"),
        TimeoutException => (ExitCode.NoCluster, $"the cluster does not answer in time: {failure.Message}"),
        _ => (ExitCode.Failed, $"{failure.Message} ({failure.GetType().Name}, which is a bug of kubectl-model)"),
    };

    /// <summary>What was behind it all.</summary>
    public static string Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner)
        {
            failure = inner;
        }

        return failure.Message;
    }
}
