using System.Text;
using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.ApiServer.Access;

/// <summary>
/// Writes a line for every request for a resource: an audit.k8s.io/v1 Event at level Metadata, as <c>--audit-log-path</c> of
/// kube-apiserver gives it. No bodies, so no secrets.
/// </summary>
internal sealed class AuditLog(TextWriter? log, TimeProvider time) : IDisposable
{
    private readonly Lock _gate = new();

    /// <exception cref="IOException">The file cannot be written.</exception>
    public static AuditLog To(string? path, TimeProvider time) =>
        new(path is null ? null : new StreamWriter(path, append: true, new UTF8Encoding(false)) { AutoFlush = true }, time);

    /// <param name="request">What was asked.</param>
    /// <param name="wanted">What that means.</param>
    /// <param name="allowed">What was decided.</param>
    public void Write(HttpRequest request, AccessAttributes wanted, bool allowed)
    {
        if (log is null)
        {
            return;
        }

        var line = new JsonObject
        {
            ["kind"] = "Event",
            ["apiVersion"] = "audit.k8s.io/v1",
            ["level"] = "Metadata",
            ["auditID"] = Guid.NewGuid().ToString(),
            ["stage"] = "RequestReceived",
            ["requestURI"] = $"{request.Path}{request.QueryString}",
            ["verb"] = wanted.Verb,
            ["user"] = wanted.User.ToJson(),
            ["userAgent"] = request.Headers.UserAgent.ToString(),
            ["objectRef"] = new JsonObject
            {
                ["resource"] = wanted.Resource,
                ["subresource"] = wanted.Subresource,
                ["namespace"] = wanted.Namespace,
                ["name"] = wanted.Name,
                ["apiGroup"] = wanted.Group,
            },
            ["requestReceivedTimestamp"] = time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'"),
            ["annotations"] = new JsonObject { ["authorization.k8s.io/decision"] = allowed ? "allow" : "forbid" },
        };
        var text = line.ToJsonString();
        lock (_gate)
        {
            log.WriteLine(text);
        }
    }

    public void Dispose() => log?.Dispose();
}
