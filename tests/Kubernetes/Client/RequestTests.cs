using System.Diagnostics.Metrics;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;
using ModelOperator.TestSupport;

namespace ModelOperator.Kubernetes.Tests.Client;

/// <summary>What every request carries, and when it is sent again.</summary>
internal sealed class RequestTests
{
    private readonly ManualTimeProvider _clock = new();
    private readonly CapturingLogger<KubernetesClient> _log = new();
    private FakeApi _api = null!;

    [SetUp]
    public async Task StartAsync() => _api = await FakeApi.StartAsync();

    [TearDown]
    public async Task StopAsync() => await _api.DisposeAsync();

    [Test]
    public async Task Impersonation_is_sent_by_the_servers_headers()
    {
        using var client = CreateClient(Configuration() with
        {
            Impersonation = new Impersonation("jane")
            {
                Uid = "u-1",
                Groups = ["dev"],
                Extra = new Dictionary<string, IReadOnlyList<string>> { ["example.com/scopes"] = ["view"] },
            },
        });

        await GetAsync(client);

        var headers = _api.Requests.Single().Headers;
        Assert.Multiple(() =>
        {
            Assert.That(headers["Impersonate-User"], Is.EqualTo("jane"));
            Assert.That(headers["Impersonate-Uid"], Is.EqualTo("u-1"));
            Assert.That(headers["Impersonate-Group"], Is.EqualTo("dev"));
            Assert.That(headers["Impersonate-Extra-example.com%2Fscopes"], Is.EqualTo("view"));
        });
    }

    [Test]
    public void Groups_that_would_arrive_as_one_are_refused_and_never_sent() => Assert.That(
        () => CreateClient(Configuration() with { Impersonation = new Impersonation("jane") { Groups = ["dev", "ops"] } }),
        Throws.TypeOf<KubernetesConfigurationException>().With.Message.EqualTo("impersonation: as-groups has several values, of which only one can be sent"));

    [Test]
    public async Task A_password_is_sent_as_basic_authentication()
    {
        using var client = CreateClient(Configuration() with { Username = "jane", Password = "pass:word" });

        await GetAsync(client);

        Assert.That(
            _api.Requests.Single().Headers["Authorization"], Is.EqualTo("Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("jane:pass:word"))));
    }

    [Test]
    public async Task Each_part_of_the_program_has_a_user_agent_of_its_own()
    {
        var configuration = new KubernetesClientConfiguration { Server = _api.Address };
        using var main = CreateClient(configuration);
        using var elector = CreateClient(configuration.For("leader-election"));

        await GetAsync(main);
        await GetAsync(elector);

        var agents = _api.Requests.Select(request => request.Headers["User-Agent"]).ToList();
        Assert.That(agents[0], Does.Match(@"^\S+/\d+\.\d+\.\d+ \((linux|darwin|windows)/\w+\)$"));
        Assert.That(agents[1], Is.EqualTo(agents[0] + " leader-election"));
    }

    [Test]
    public async Task Every_write_names_its_field_manager_and_how_unknown_fields_are_taken()
    {
        using var client = CreateClient(Configuration() with { FieldManager = "tests", FieldValidation = "Strict" });
        var entity = new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "a", NamespaceProperty = "default" } };
        var answer = Answer.Json(Answer.ConfigMap("a", "1"));
        for (var i = 0; i < 5; i++)
        {
            _api.Reply(answer);
        }

        await client.CreateAsync(entity);
        await client.UpdateAsync(entity);
        await client.PatchAsync<V1ConfigMap>("a", "default", PatchType.MergePatch, new JsonObject());
        await client.ApplyAsync(entity, "another");
        await client.Resource(EntityMetadata.For<V1ConfigMap>()).PatchAsync("a", "default", PatchType.MergePatch, new JsonObject());

        Assert.That(
            _api.Requests.Select(request => request.Query["fieldManager"]), Is.EqualTo(new[] { "tests", "tests", "tests", "another", "tests" }));
        Assert.That(_api.Requests.Select(request => request.Query["fieldValidation"]), Is.All.EqualTo("Strict"));
    }

    [TestCase("7", 7)]
    [TestCase("Thu, 01 Jan 2026 12:00:09 GMT", 9)]
    [TestCase("Thu, 01 Jan 2026 11:00:00 GMT", 0)]
    public async Task A_429_is_sent_again_after_retry_after_in_seconds_or_as_a_date(string retryAfter, int seconds)
    {
        using var client = CreateClient();
        _api.Reply(Answer.Refusal(429, "TooManyRequests", "slow down", retryAfter));
        var get = GetAsync(client);
        if (seconds > 0)
        {
            await _clock.WaitForTimersAsync(timers => timers.Contains(TimeSpan.FromSeconds(seconds)));
            Assert.That(_api.Requests, Has.Count.EqualTo(1));
            _clock.Advance(TimeSpan.FromSeconds(seconds));
        }

        await get;
        Assert.That(_api.Requests, Has.Count.EqualTo(2));
    }

    [TestCase(503, "1", 2)]
    [TestCase(503, null, 1)]
    [TestCase(500, "1", 2)]
    [TestCase(504, null, 1)]
    [TestCase(429, null, 1)]
    [TestCase(404, "1", 1)]
    [TestCase(409, "1", 1)]
    public async Task Only_429_and_5xx_with_retry_after_are_sent_again(int code, string? retryAfter, int requests)
    {
        using var client = CreateClient();
        _api.Reply(Answer.Refusal(code, "Reason", "no", retryAfter));
        var create = CreateAsync(client);
        if (requests > 1)
        {
            _api.Reply(Answer.Json(Answer.ConfigMap("a", "1"), 201));
            await _clock.WaitForTimersAsync(timers => timers.Contains(TimeSpan.FromSeconds(1)));
            _clock.Advance(TimeSpan.FromSeconds(1));
            await create;
        }
        else
        {
            var error = await Assert.ThrowsAsync<KubernetesException>(() => create);
            Assert.That((int)error!.StatusCode, Is.EqualTo(code));
        }

        Assert.That(_api.Requests, Has.Count.EqualTo(requests));
        Assert.That(_api.Requests.Select(request => request.Body).Distinct().Count(), Is.EqualTo(1), "the same body again");
    }

    [Test]
    public async Task A_read_whose_connection_broke_is_sent_again_and_a_write_is_not()
    {
        using var client = CreateClient();
        _api.Reply(Abort);
        var get = GetAsync(client);
        await _clock.WaitForTimersAsync(timers => timers.Contains(TimeSpan.FromSeconds(1)));
        _clock.Advance(TimeSpan.FromSeconds(1));
        await get;
        Assert.That(_api.Requests, Has.Count.EqualTo(2));

        _api.Reply(Abort);
        await Assert.ThrowsAsync<HttpRequestException>(() => CreateAsync(client));
        Assert.That(_api.Requests, Has.Count.EqualTo(3), "the server may have created it");
    }

    [Test]
    public async Task A_write_over_a_connection_that_closed_while_idle_is_never_done_twice()
    {
        using var client = CreateClient();
        await GetAsync(client);
        for (var i = 0; i < 20; i++)
        {
            _api.Reply(Abort);
            await Assert.ThrowsAsync<HttpRequestException>(() => CreateAsync(client));
        }

        Assert.That(_api.Requests.Count(request => request.Method == "POST"), Is.EqualTo(20));
    }

    [Test]
    public async Task A_warning_of_the_server_is_told_once()
    {
        using var client = CreateClient();
        for (var i = 0; i < 3; i++)
        {
            _api.Reply(async context =>
            {
                context.Response.Headers.Append("Warning", "299 - \"v1 Endpoints is deprecated; use \\\"discovery\\\"\"");
                context.Response.Headers.Append("Warning", "299 - \"unknown field \\\"spec.x\\\"\"");
                await Answer.Json(Answer.ConfigMap("a", "1"))(context);
            });
            await client.GetAsync<V1ConfigMap>("a", "default");
        }

        Assert.That(
            _log.Lines,
            Is.EquivalentTo(new[]
            {
                "Warning: The Kubernetes API warns: v1 Endpoints is deprecated; use \"discovery\"",
                "Warning: The Kubernetes API warns: unknown field \"spec.x\"",
            }));
    }

    [TestCase(false, "gzip")]
    [TestCase(true, null)]
    public async Task Answers_are_compressed_unless_the_kubeconfig_says_otherwise(bool isDisabled, string? encoding)
    {
        using var client = CreateClient(Configuration() with { DisableCompression = isDisabled });
        _api.Reply(async context =>
        {
            var json = Encoding.UTF8.GetBytes(Answer.ConfigMap("a", "1"));
            if (context.Request.Headers.AcceptEncoding.Contains("gzip"))
            {
                context.Response.Headers.ContentEncoding = "gzip";
                await using var gzip = new GZipStream(context.Response.Body, CompressionLevel.Fastest);
                await gzip.WriteAsync(json);
            }
            else
            {
                await context.Response.Body.WriteAsync(json);
            }
        });

        Assert.That((await client.GetAsync<V1ConfigMap>("a", "default"))?.Name(), Is.EqualTo("a"));
        Assert.That(_api.Requests.Single().Headers.GetValueOrDefault("Accept-Encoding"), Is.EqualTo(encoding));
    }

    [Test]
    public async Task Requests_are_counted_and_timed_under_client_gos_names()
    {
        using var services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var counted = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == RestClientMetrics.MeterName && ReferenceEquals(instrument.Meter.Scope, services.GetRequiredService<IMeterFactory>()))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => counted.Add($"{instrument.Name}{Labels(tags)} {value}"));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => counted.Add($"{instrument.Name}{Labels(tags)}"));
        listener.Start();
        using var client = new KubernetesClient(Configuration(), _clock, _log, new RestClientMetrics(services.GetRequiredService<IMeterFactory>()));
        var host = _api.Address.Authority;

        _api.Reply(Answer.Refusal(429, "TooManyRequests", "slow down", "0"));
        await GetAsync(client);
        _api.Reply(Abort);
        await Assert.ThrowsAsync<HttpRequestException>(() => CreateAsync(client));

        Assert.That(
            counted,
            Is.EqualTo(new[]
            {
                $"rest_client_requests_total{{code=429,method=GET,host={host}}} 1",
                $"rest_client_request_retries_total{{code=429,verb=GET,host={host}}} 1",
                $"rest_client_requests_total{{code=200,method=GET,host={host}}} 1",
                $"rest_client_request_duration_seconds{{verb=GET,host={host}}}",
                $"rest_client_requests_total{{code=<error>,method=POST,host={host}}} 1",
                $"rest_client_request_duration_seconds{{verb=POST,host={host}}}",
            }));
    }

    private static Task Abort(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        "{" + string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")) + "}";

    private static Task<V1ConfigMap> CreateAsync(KubernetesClient client) =>
        client.CreateAsync(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "a", NamespaceProperty = "default" } });

    private KubernetesClientConfiguration Configuration() => new() { Server = _api.Address, UserAgent = "test/1" };

    private KubernetesClient CreateClient(KubernetesClientConfiguration? configuration = null) => new(configuration ?? Configuration(), _clock, _log);

    private async Task GetAsync(KubernetesClient client)
    {
        _api.Reply(Answer.Json(Answer.ConfigMap("a", "1")));
        await client.GetAsync<V1ConfigMap>("a", "default");
    }
}
