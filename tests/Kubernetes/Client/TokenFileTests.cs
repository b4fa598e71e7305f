using Microsoft.AspNetCore.Http;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;
using ModelOperator.TestSupport;

namespace ModelOperator.Kubernetes.Tests.Client;

internal sealed class TokenFileTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly CapturingLogger<KubernetesClient> _log = new();
    private string _directory = null!;
    private FakeApi _api = null!;

    private string TokenFile => Path.Combine(_directory, "token");

    private IEnumerable<string> TokensSeen => _api.Requests.Select(request => request.Headers["Authorization"]);

    [SetUp]
    public async Task StartAsync()
    {
        _directory = Directory.CreateTempSubdirectory("token").FullName;
        _api = await FakeApi.StartAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task A_token_is_read_again_ten_seconds_before_its_minute_is_over()
    {
        using var client = CreateClient("one");
        await GetAsync(client);
        File.WriteAllText(TokenFile, "two\n");
        _clock.Advance(TimeSpan.FromSeconds(49));
        await GetAsync(client);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await GetAsync(client);

        Assert.That(TokensSeen, Is.EqualTo(new[] { "Bearer one", "Bearer one", "Bearer two" }));
    }

    [TestCase(null, TestName = "The_old_token_stays_in_use_when_its_file_is_gone")]
    [TestCase("", TestName = "The_old_token_stays_in_use_when_its_file_is_empty")]
    public async Task The_old_token_stays_in_use(string? content)
    {
        using var client = CreateClient("one");
        await GetAsync(client);
        if (content is null)
        {
            File.Delete(TokenFile);
        }
        else
        {
            File.WriteAllText(TokenFile, content);
        }

        _clock.Advance(TimeSpan.FromMinutes(1));
        await GetAsync(client);
        File.WriteAllText(TokenFile, "two");
        _clock.Advance(TimeSpan.FromSeconds(10));
        await GetAsync(client);

        Assert.That(TokensSeen, Is.EqualTo(new[] { "Bearer one", "Bearer one", "Bearer two" }));
        Assert.That(_log.Lines, Has.Exactly(1).Contains($"token file {TokenFile}"));
    }

    [TestCase("", "is empty")]
    [TestCase("to ken\u0001", "holds something else than a token")]
    public void A_file_that_never_held_a_token_is_an_error_that_names_it(string content, string fault)
    {
        using var client = CreateClient(content);

        Assert.That(
            () => client.GetAsync<V1ConfigMap>("a", "default"),
            Throws.TypeOf<CredentialsException>().With.Message.EqualTo($"token file {TokenFile} {fault}"));
        Assert.That(_api.Requests, Is.Empty);
    }

    [Test]
    public async Task An_inline_token_is_what_to_start_with_and_the_file_is_read_later()
    {
        using var client = CreateClient("from-file", inline: "inline");
        await GetAsync(client);
        _clock.Advance(TimeSpan.FromMinutes(1));
        await GetAsync(client);

        Assert.That(TokensSeen, Is.EqualTo(new[] { "Bearer inline", "Bearer from-file" }));
    }

    [Test]
    public async Task A_401_drops_the_token_and_the_request_is_sent_once_more_with_the_new_one()
    {
        using var client = CreateClient("one");
        await GetAsync(client);
        File.WriteAllText(TokenFile, "two");
        _api.Reply(Answer.Refusal(401, "Unauthorized", "Unauthorized"));
        await GetAsync(client);

        Assert.That(TokensSeen, Is.EqualTo(new[] { "Bearer one", "Bearer one", "Bearer two" }));
    }

    [Test]
    public async Task A_401_to_the_newest_token_is_told_without_another_attempt()
    {
        using var client = CreateClient("one");
        _api.Reply(Answer.Refusal(401, "Unauthorized", "Unauthorized"));

        var error = await Assert.ThrowsAsync<KubernetesException>(() => client.GetAsync<V1ConfigMap>("a", "default"));

        Assert.That(error!.IsUnauthorized, Is.True);
        Assert.That(_api.Requests, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Rotation_under_load_lets_no_request_fail()
    {
        // Like a service account's: each token is taken for a while after the next one is written.
        var valid = new HashSet<string>(StringComparer.Ordinal) { "Bearer t0" };
        var refusals = 0;
        RequestDelegate reply = context =>
        {
            bool isValid;
            lock (valid)
            {
                isValid = valid.Contains(context.Request.Headers.Authorization.ToString());
            }

            if (!isValid)
            {
                Interlocked.Increment(ref refusals);
            }

            return isValid ? Answer.Json(Answer.ConfigMap("a", "1"))(context) : Answer.Refusal(401, "Unauthorized", "Unauthorized")(context);
        };
        for (var i = 0; i < 1_000; i++)
        {
            _api.Reply(reply);
        }

        using var client = CreateClient("t0");
        for (var rotation = 1; rotation <= 10; rotation++)
        {
            lock (valid)
            {
                valid.Add($"Bearer t{rotation}");
            }

            File.WriteAllText(TokenFile + ".new", $"t{rotation}");
            File.Move(TokenFile + ".new", TokenFile, overwrite: true);
            var requests = Enumerable.Range(0, 20).Select(_ => client.GetAsync<V1ConfigMap>("a", "default")).ToList();
            _clock.Advance(TimeSpan.FromMinutes(1) - TimeSpan.FromSeconds(1));
            await Task.WhenAll(requests);
            await client.GetAsync<V1ConfigMap>("a", "default");
            lock (valid)
            {
                valid.Remove($"Bearer t{rotation - 1}");
            }
        }

        Assert.That(refusals, Is.Zero);
        Assert.That(TokensSeen.Distinct().Count(), Is.GreaterThan(5));
    }

    private KubernetesClient CreateClient(string token, string? inline = null)
    {
        File.WriteAllText(TokenFile, token);
        return new KubernetesClient(
            new KubernetesClientConfiguration { Server = _api.Address, TokenFile = TokenFile, AccessToken = inline }, _clock, _log);
    }

    private async Task GetAsync(KubernetesClient client)
    {
        _api.Reply(Answer.Json(Answer.ConfigMap("a", "1")));
        await client.GetAsync<V1ConfigMap>("a", "default");
    }
}
