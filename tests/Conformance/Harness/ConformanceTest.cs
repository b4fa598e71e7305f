using System.Net;

namespace ModelOperator.Conformance.Tests.Harness;

/// <summary>
/// A test with a namespace of its own. Paths such as <c>configmaps/a</c> are in that namespace (see <see cref="ApiPaths"/>), and
/// NAMESPACE in a path or a body stands for it.
/// </summary>
internal abstract class ConformanceTest
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz";

    protected static ApiClient Api => TestedCluster.Api;

    /// <summary>The test's namespace; unique, so it also serves as a group of custom resources.</summary>
    protected string Namespace { get; } = "t-" + new string(System.Security.Cryptography.RandomNumberGenerator.GetItems<char>(Alphabet, 10));

    /// <summary>Pods are refused until the namespace has its service account.</summary>
    protected virtual bool CreatesPods => false;

    [SetUp]
    public async Task CreateNamespace()
    {
        Answered(201, await Post("/api/v1/namespaces", """{"metadata":{"name":"NAMESPACE"}}"""));
        if (CreatesPods)
        {
            await Eventually.IsAsync(() => Get("serviceaccounts/default"), reply => reply.Code == 200, "the namespace has its default service account");
        }
    }

    [TearDown]
    public async Task DeleteNamespace() => await Delete($"/api/v1/namespaces/{Namespace}");

    protected Task<Reply> Get(string path, string? accept = null) => Send(HttpMethod.Get, path, accept: accept);

    protected Task<Reply> Post(string path, string body, string contentType = "application/json") => Send(HttpMethod.Post, path, body, contentType);

    protected Task<Reply> Put(string path, string body) => Send(HttpMethod.Put, path, body);

    protected Task<Reply> Delete(string path, string? body = null) => Send(HttpMethod.Delete, path, body);

    protected Task<Reply> MergePatch(string path, string body) => Send(HttpMethod.Patch, path, body, "application/merge-patch+json");

    protected Task<Reply> JsonPatch(string path, string body) => Send(HttpMethod.Patch, path, body, "application/json-patch+json");

    protected Task<Reply> StrategicPatch(string path, string body) => Send(HttpMethod.Patch, path, body, "application/strategic-merge-patch+json");

    protected Task<Reply> Apply(string path, string body, string manager, bool force = false) => Send(
        HttpMethod.Patch,
        $"{path}{(path.Contains('?') ? '&' : '?')}fieldManager={manager}{(force ? "&force=true" : "")}",
        body,
        "application/apply-patch+yaml");

    protected Task<Reply> Send(HttpMethod method, string path, string? body = null, string contentType = "application/json", string? accept = null) =>
        Api.SendAsync(method, PathOf(path), body?.Replace("NAMESPACE", Namespace, StringComparison.Ordinal), contentType, accept);

    protected Task<Watch> WatchFrom(string path, string? accept = null) => Watch.OpenAsync(Api.Http, PathOf(path), accept);

    protected string PathOf(string path) => ApiPaths.Resolve(path.Replace("NAMESPACE", Namespace, StringComparison.Ordinal), Namespace);

    /// <summary>Creates an object that must be taken.</summary>
    protected async Task<Reply> Created(string path, string body) => Answered(201, await Post(path, body));

    protected Task<Reply> Until(string path, Func<Reply, bool> wanted, string expectation) =>
        Eventually.IsAsync(() => Get(path), wanted, $"{path}: {expectation}");

    protected static Reply Answered(int code, Reply reply)
    {
        Assert.That(reply.Code, Is.EqualTo(code), reply.Text);
        return reply;
    }

    /// <summary>The answer is an error with a Status object that says so in these words.</summary>
    protected static void Refused(Reply reply, HttpStatusCode code, string reason, string message)
    {
        Assert.That((reply.Code, reply.Reason, reply.Message), Is.EqualTo(((int)code, reason, message)), reply.Text);
        Assert.That(
            (reply["kind"], reply["apiVersion"], reply["status"], reply["code"]),
            Is.EqualTo(("Status", "v1", "Failure", $"{(int)code}")),
            reply.Text);
    }

    protected static void Invalid(Reply reply, string message) => Refused(reply, HttpStatusCode.UnprocessableEntity, "Invalid", message);

    protected static void BadRequest(Reply reply, string message) => Refused(reply, HttpStatusCode.BadRequest, "BadRequest", message);

    protected static void NotFound(Reply reply, string message) => Refused(reply, HttpStatusCode.NotFound, "NotFound", message);

    protected static void Forbidden(Reply reply, string message) => Refused(reply, HttpStatusCode.Forbidden, "Forbidden", message);

    protected static void Conflict(Reply reply, string message) => Refused(reply, HttpStatusCode.Conflict, "Conflict", message);

    protected static void NotAllowed(Reply reply) => Refused(
        reply, HttpStatusCode.MethodNotAllowed, "MethodNotAllowed", "the server does not allow this method on the requested resource");
}
