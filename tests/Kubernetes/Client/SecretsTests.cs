using Microsoft.Extensions.Logging;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;
using ModelOperator.TestSupport;

namespace ModelOperator.Kubernetes.Tests.Client;

/// <summary>Whatever goes well or wrong, no credential is in a log line or in the text of an exception.</summary>
internal sealed class SecretsTests
{
    private const string Secret = "s3cret-of-somebody";

    private readonly ManualTimeProvider _clock = new();
    private readonly CapturingLogger<KubernetesClient> _log = new();
    private readonly List<string> _errors = [];
    private string _directory = null!;
    private FakeApi _api = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _directory = Directory.CreateTempSubdirectory("secrets").FullName;
        _api = await FakeApi.StartAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public Task No_token_is_told() => AssertKeptAsync("token: " + Secret, "Bearer " + Secret);

    [Test]
    public Task No_password_is_told() =>
        AssertKeptAsync($"username: jane, password: {Secret}", "Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("jane:" + Secret)));

    [Test]
    public async Task No_token_of_a_file_is_told()
    {
        var path = Path.Combine(_directory, "token");
        File.WriteAllText(path, Secret);

        await AssertKeptAsync($"tokenFile: {path}", "Bearer " + Secret, afterwards: async client =>
        {
            File.WriteAllText(path, Secret + "\u0001");
            _clock.Advance(TimeSpan.FromMinutes(1));
            await MeetEverythingAsync(client);
            Assert.That(_log.Lines, Has.Some.Contains("something else than a token"));
        });
    }

    [Test]
    public async Task No_token_of_a_plug_in_is_told_nor_what_it_writes_when_it_fails()
    {
        var answer = Path.Combine(_directory, "answer");
        File.WriteAllText(
            answer,
            $$$"""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"{{{Secret}}}","expirationTimestamp":"2026-01-01T12:05:00Z"}}""");
        var user = $"exec: {{apiVersion: client.authentication.k8s.io/v1, command: cat, args: [\"{answer}\"], interactiveMode: Never}}";

        await AssertKeptAsync(user, "Bearer " + Secret, afterwards: async client =>
        {
            foreach (var bad in new[] { Secret, $$"""{"kind":"ExecCredential","status":"{{Secret}}"}""", $$"""{"kind":"{{Secret}}"}""" })
            {
                File.WriteAllText(answer, bad);
                _clock.Advance(TimeSpan.FromMinutes(5));
                await TryAsync(() => client.GetAsync<V1ConfigMap>("a", "default"));
            }
        });
    }

    [Test]
    public async Task No_password_of_a_proxy_is_told()
    {
        using var client = new KubernetesClient(
            new KubernetesClientConfiguration { Server = new Uri("http://api.invalid"), Proxy = new Uri($"http://jane:{Secret}@127.0.0.1:1") }, _clock, _log);

        await TryAsync(() => client.GetAsync<V1ConfigMap>("a", "default"));

        AssertNothingTold();
    }

    private async Task AssertKeptAsync(string user, string header, Func<KubernetesClient, Task>? afterwards = null)
    {
        var path = Path.Combine(_directory, "config");
        File.WriteAllText(
            path,
            $$$"""
            current-context: main
            clusters: [{name: dev, cluster: {server: "{{{_api.Address}}}", insecure-skip-tls-verify: true}}]
            contexts: [{name: main, context: {cluster: dev, user: me}}]
            users:
            - name: me
              user: { {{{user}}} }

            """);
        using var client = new KubernetesClient(KubernetesClientConfiguration.BuildFromConfigFile(path), _clock, _log);

        await MeetEverythingAsync(client);
        if (afterwards is not null)
        {
            await afterwards(client);
        }

        Assert.That(_api.Requests.First().Headers["Authorization"], Is.EqualTo(header));
        Assert.That(_errors, Is.Not.Empty);
        Assert.That(_log.Lines, Is.Not.Empty);
        AssertNothingTold();
    }

    private async Task MeetEverythingAsync(KubernetesClient client)
    {
        _api.Reply(Answer.Json(Answer.ConfigMap("a", "1")));
        _api.Reply(Answer.Refusal(403, "Forbidden", "no"));
        _api.Reply(Answer.Html(502));
        _api.Reply(Answer.Json("{"));
        _api.Reply(context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        for (var i = 0; i < 4; i++)
        {
            await TryAsync(() => client.GetAsync<V1ConfigMap>("a", "default"));
        }

        await TryAsync(() => client.CreateAsync(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "a", NamespaceProperty = "default" } }));
        _log.Log(LogLevel.Information, default, client.Configuration, exception: null, (configuration, _) => $"{configuration}");
    }

    private async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
        }
        catch (Exception error)
        {
            _errors.Add(error.ToString());
        }
    }

    private void AssertNothingTold()
    {
        var encoded = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes("jane:" + Secret));
        Assert.That(_log.Lines.Concat(_errors), Has.None.Contains(Secret).And.None.Contains(encoded));
    }
}
