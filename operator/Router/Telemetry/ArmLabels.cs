using ModelOperator.Router.Routing;

namespace ModelOperator.Router.Telemetry;

/// <summary>The labels of one revision of a route, made once, so that counting a request allocates nothing.</summary>
internal sealed class ArmLabels
{
    // In the order of AttemptOutcome.
    private static readonly string[] Outcomes = ["ok", "client_error", "error", "timeout", "canceled"];

    private readonly KeyValuePair<string, object?>[][] _requests;

    public ArmLabels(string namespaceName, string deployment, string revision, BackendRole role)
    {
        Revision = [new("namespace", namespaceName), new("deployment", deployment), new("revision", revision)];
        Arm = [.. Revision, new("role", role.ToString())];
        _requests = [.. Outcomes.Select(outcome => (KeyValuePair<string, object?>[])[.. Arm, new("outcome", outcome)])];
    }

    /// <summary>namespace, deployment, revision</summary>
    public KeyValuePair<string, object?>[] Revision { get; }

    /// <summary>namespace, deployment, revision, role</summary>
    public KeyValuePair<string, object?>[] Arm { get; }

    /// <summary>For each outcome: namespace, deployment, revision, role, outcome</summary>
    public IReadOnlyList<KeyValuePair<string, object?>[]> Requests => _requests;

    public KeyValuePair<string, object?>[] Request(AttemptOutcome outcome) => _requests[(int)outcome];
}
