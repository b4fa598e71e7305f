using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModelOperator.Router.AccessLogging;
using ModelOperator.Router.Tests.Routing;

namespace ModelOperator.Router.Tests.EndToEnd;

internal sealed class AccessLogTests
{
    [Test]
    public async Task Every_request_is_a_line_that_says_who_asked_and_who_answered()
    {
        var lines = await LinesAsync(RouterUnderTest.Options with { AccessLog = true });

        Assert.That(lines, Has.Count.EqualTo(2));
        var (answered, unknown) = (lines[0], lines[1]);
        Assert.Multiple(() =>
        {
            Assert.That(answered.GetProperty("requestId").GetString(), Is.EqualTo("request-1"));
            Assert.That(answered.GetProperty("traceId").GetString(), Is.EqualTo("4bf92f3577b34da6a3ce929d0e0e4736"));
            Assert.That(answered.GetProperty("client").GetString(), Is.EqualTo("127.0.0.1"));
            Assert.That(answered.GetProperty("protocol").GetString(), Is.EqualTo("HTTP/1.1"));
            Assert.That(answered.GetProperty("method").GetString(), Is.EqualTo("GET"));
            Assert.That(answered.GetProperty("path").GetString(), Is.EqualTo("/default/digits/v2"), "without what may be secret");
            Assert.That(answered.GetProperty("route").GetString(), Is.EqualTo("default/digits"));
            Assert.That(answered.GetProperty("revision").GetString(), Is.EqualTo("digits-r1"));
            Assert.That(answered.GetProperty("status").GetInt32(), Is.EqualTo(200));
            Assert.That(answered.GetProperty("attempts").GetInt32(), Is.EqualTo(2));
            Assert.That(answered.GetProperty("failedOver").GetBoolean(), Is.True);
            Assert.That(answered.GetProperty("milliseconds").GetDouble(), Is.Positive);
            Assert.That(unknown.GetProperty("status").GetInt32(), Is.EqualTo(404));
            Assert.That(unknown.TryGetProperty("route", out _), Is.False);
        });
    }

    [Test]
    public async Task Nothing_is_written_by_default() => Assert.That(await LinesAsync(RouterUnderTest.Options), Is.Empty);

    private static async Task<List<JsonElement>> LinesAsync(Router.Hosting.RouterOptions options)
    {
        using var output = new MemoryStream();
        await using var stable = await FakeModel.StartAsync();
        await using var candidate = await FakeModel.StartAsync(FakeModel.AnswersWith(500));
        await using (var router = await RouterUnderTest.StartAsync(options, services: services => services.AddSingleton(new AccessLog(output))))
        {
            router.Serve(new TestRoute().Stable(0, stable.Address).Candidate(100, candidate.Address));
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(router.Data, "/default/digits/v2?secret=1"))
            {
                Headers = { { "x-request-id", "request-1" }, { "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" } },
            };
            (await router.Http.SendAsync(request)).Dispose();
            (await router.Http.GetAsync(new Uri(router.Data, "/default/unknown"))).Dispose();
            await router.App.StopAsync();
        }
        return
        [
            .. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonDocument.Parse(line).RootElement),
        ];
    }
}
