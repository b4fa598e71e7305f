using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelOperator.Telemetry.Health;
using ModelOperator.Telemetry.Hosting;
using ModelOperator.Telemetry.Prometheus;

namespace ModelOperator.Telemetry.Tests.Hosting;

internal sealed class EndpointTests
{
    private sealed class Loading
    {
        public string? Problem { get; set; } = "the model is loading";
    }

    private WebApplication _app = null!;
    private HttpClient _http = null!;
    private Loading _loading = null!;
    private Uri _metrics = null!;
    private Uri _health = null!;

    [SetUp]
    public async Task Start()
    {
        _loading = new Loading();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.ListenOnPod("metrics", 0, address: IPAddress.Loopback);
            kestrel.ListenOnPod("health", 0, address: IPAddress.Loopback);
        });
        builder.Services.AddPrometheusMetrics("tests.endpoints");
        builder.Services.AddSingleton(_loading);
        builder.Services.AddHealthEndpoints().AddReadyCheck<Loading>("model", loading => loading.Problem);
        _app = builder.Build();
        _app.MapListener("metrics", listener => listener.UseRouting().UseEndpoints(endpoints => endpoints.MapPrometheusMetrics()));
        _app.MapListener("health", listener => listener.UseRouting().UseEndpoints(endpoints => endpoints.MapHealthEndpoints()));
        await _app.StartAsync();
        _metrics = _app.ListeningOn()[0];
        _health = _app.ListeningOn()[1];
        _http = new HttpClient();
    }

    [TearDown]
    public async Task Stop()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    [Test]
    public async Task Metrics_are_served_as_text_0_0_4_with_the_process_figures()
    {
        _app.Services.GetRequiredService<IMeterFactory>().Create("tests.endpoints").CreateCounter<int>("a_total").Add(1);

        using var response = await _http.GetAsync(new Uri(_metrics, "/metrics"));

        Assert.That(response.Content.Headers.ContentType!.ToString(), Is.EqualTo("text/plain; version=0.0.4; charset=utf-8"));
        Assert.That(await response.Content.ReadAsStringAsync(),
            Does.Contain("a_total 1\n").And.Contain("process_resident_memory_bytes").And.Contain("process_cpu_seconds_total"));
    }

    [Test]
    public async Task A_listener_answers_only_what_is_mapped_on_it()
    {
        Assert.That((await _http.GetAsync(new Uri(_metrics, "/livez"))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await _http.GetAsync(new Uri(_health, "/metrics"))).StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task Readiness_names_the_check_that_fails_and_liveness_is_another_matter()
    {
        using (var ready = await _http.GetAsync(new Uri(_health, "/readyz")))
        {
            Assert.That(ready.StatusCode, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
            Assert.That(await ready.Content.ReadAsStringAsync(), Is.EqualTo("[-]model failed: the model is loading\nfailed\n"));
        }
        Assert.That(await _http.GetStringAsync(new Uri(_health, "/livez")), Is.EqualTo("ok\n"));

        _loading.Problem = null;
        Assert.That(await _http.GetStringAsync(new Uri(_health, "/readyz?verbose")), Is.EqualTo("[+]shutdown ok\n[+]model ok\nok\n"));
    }

    [Test]
    public void A_program_that_was_told_to_stop_is_not_ready()
    {
        var check = new ShutdownCheck(_app.Lifetime);
        _app.Lifetime.StopApplication();

        Assert.That(check.CheckHealthAsync(new()).Result.Description, Is.EqualTo("shutting down"));
    }

    [TestCase(null, null)]
    [TestCase("", null)]
    [TestCase("127.16.1.4", "127.16.1.4")]
    [TestCase("::1", "::1")]
    public void The_pods_address_is_used_when_there_is_one(string? value, string? expected) =>
        Assert.That(PodAddress.Parse(value)?.ToString(), Is.EqualTo(expected));

    [Test]
    public void A_pod_address_that_is_none_is_refused_with_its_name() =>
        Assert.That(() => PodAddress.Parse("node-1"), Throws.TypeOf<FormatException>().With.Message.Contains("POD_IP is \"node-1\""));
}
