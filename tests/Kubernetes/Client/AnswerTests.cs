using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;

namespace ModelOperator.Kubernetes.Tests.Client;

/// <summary>How answers that are no objects are told.</summary>
internal sealed class AnswerTests
{
    private FakeApi _api = null!;
    private KubernetesClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _api = await FakeApi.StartAsync();
        _client = _api.CreateClient();
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _api.DisposeAsync();
    }

    [TestCase("<html><body>Sign in</body></html>", "<html><body>Sign in</body></html>")]
    [TestCase("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"na""", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"na""")]
    [TestCase("", "")]
    [TestCase("null", "null")]
    [TestCase("""{"apiVersion":"v1","kind":"ConfigMap"}""", "without metadata.name")]
    [TestCase("""{"apiVersion":"v1","kind":"ConfigMap","metadata":null}""", "without metadata.name")]
    [TestCase("""{"metadata":{"name":["a"]}}""", """{"metadata":{"name":["a"]}}""")]
    [TestCase("[]", "[]")]
    public async Task An_answer_that_makes_no_sense_is_told_with_the_request_its_status_and_how_it_began(string body, string quoted)
    {
        _api.Reply(Answer.Json(body));

        var error = await Assert.ThrowsAsync<KubernetesException>(() => _client.GetAsync<V1ConfigMap>("a", "default"));

        Assert.That(error!.Message, Does.StartWith("GET /api/v1/namespaces/default/configmaps/a: ").And.Contains(quoted));
        Assert.That(error.Message, Does.Contain("HTTP 200").Or.Contains("without metadata.name"));
    }

    [Test]
    public async Task A_long_page_is_quoted_by_its_first_200_bytes_and_a_secret_not_at_all()
    {
        _api.Reply(Answer.Html(502, new string('x', 5_000)));
        _api.Reply(Answer.Json("""{"data":{"password":"czNjcmV0"}, broken"""));

        var page = await Assert.ThrowsAsync<KubernetesException>(() => _client.GetAsync<V1ConfigMap>("a", "default"));
        var secret = await Assert.ThrowsAsync<KubernetesException>(() => _client.GetAsync<V1Secret>("a", "default"));

        Assert.That(page!.Message, Does.EndWith(": " + new string('x', 200)));
        Assert.That(secret!.Message, Does.Not.Contain("czNjcmV0"));
    }

    [Test]
    public async Task Refusals_are_told_apart()
    {
        var entity = new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "a", NamespaceProperty = "default" } };
        var questions = new (int Code, string Reason, Func<KubernetesException, bool> Is)[]
        {
            (401, "Unauthorized", error => error.IsUnauthorized),
            (403, "Forbidden", error => error.IsForbidden),
            (409, "AlreadyExists", error => error.IsAlreadyExists),
            (409, "Conflict", error => error.IsConflict),
            (410, "Expired", error => error.IsExpired),
            (422, "Invalid", error => error.IsInvalid),
            (429, "TooManyRequests", error => error.IsTooManyRequests),
        };
        foreach (var (code, reason, isIt) in questions)
        {
            _api.Reply(Answer.Refusal(code, reason, "no"));
            var error = (await Assert.ThrowsAsync<KubernetesException>(() => _client.CreateAsync(entity)))!;
            Assert.That(isIt(error), Is.True, reason);
            Assert.That(questions.Count(question => question.Is(error)), Is.EqualTo(1), reason);
        }
    }
}
