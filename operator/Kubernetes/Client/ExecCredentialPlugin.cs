using System.Text.Json.Nodes;

namespace ModelOperator.Kubernetes.Client;

/// <summary>A program that makes credentials, as <c>users[].user.exec</c> of a kubeconfig tells of it.</summary>
public sealed record ExecCredentialPlugin
{
    /// <summary>The program: a name to be found in <c>PATH</c>, or a path.</summary>
    public required string Command { get; init; }

    /// <summary><c>client.authentication.k8s.io/v1</c> or <c>/v1beta1</c>; the program must answer in the same.</summary>
    public required string ApiVersion { get; init; }

    /// <summary>The arguments, each passed as it is.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Variables set besides those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the program is told about the cluster.</summary>
    public bool ProvideClusterInfo { get; init; }

    /// <summary>What the cluster's extension named <c>client.authentication.k8s.io/exec</c> holds, passed with the cluster.</summary>
    public JsonNode? ClusterConfig { get; init; }

    /// <summary>Whether the program may ask the person at the terminal.</summary>
    public ExecInteractiveMode InteractiveMode { get; init; } = ExecInteractiveMode.IfAvailable;

    /// <summary>What to tell who does not have the program.</summary>
    public string? InstallHint { get; init; }

    /// <summary>How long the program may take before it is killed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}
