using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelOperator.Router.Hosting;
using ModelOperator.Router.Routing;
using ModelOperator.Router.Tests.Routing;
using ModelOperator.Telemetry.Hosting;

namespace ModelOperator.Router.Tests.EndToEnd;

/// <summary>The whole program in this process, but for where its routes come from.</summary>
internal sealed partial class RouterUnderTest : IAsyncDisposable
{
    // What takes this long is taken to hang.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private RouterUnderTest(WebApplication app, FixedRoutes routes)
    {
        App = app;
        Routes = routes;
    }

    public static RouterOptions Options { get; } = new()
    {
        Address = IPAddress.Loopback,
        HttpPort = 0,
        GrpcPort = 0,
        MetricsPort = 0,
        HealthPort = 0,
        Drain = TimeSpan.Zero,
        CandidateTimeout = TimeSpan.FromSeconds(1),
    };

    public WebApplication App { get; }

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false })
    {
        Timeout = Patience,
    };

    public FixedRoutes Routes { get; }

    public Uri Data => App.ListeningOn()[0];

    public Uri Grpc => App.ListeningOn()[1];

    public Uri Metrics => new(App.ListeningOn()[2], "/metrics");

    public Uri Health => App.ListeningOn()[3];

    public static async Task<RouterUnderTest> StartAsync(
        RouterOptions? options = null, TimeProvider? time = null, Action<IServiceCollection>? services = null)
    {
        var routes = new FixedRoutes();
        var app = RouterApplication.Build(options ?? Options, builder =>
        {
            builder.Logging.ClearProviders();
            builder.Services.AddSingleton<IRouteSource>(routes);
            builder.Services.AddSingleton(time ?? TimeProvider.System);
            services?.Invoke(builder.Services);
        });
        await app.StartAsync();
        return new RouterUnderTest(app, routes);
    }

    public void Serve(TestRoute route)
    {
        var metadata = route.Resource.Metadata;
        App.Services.GetRequiredService<RouteStore>().Change($"{metadata.NamespaceProperty}/{metadata.Name}", route.Build);
    }

    public Task<HttpResponseMessage> PostAsync(byte[] body, string path = "/default/digits/v2/models/digits/infer") =>
        Http.PostAsync(new Uri(Data, path), new ByteArrayContent(body));

    /// <summary>Sends requests, several at a time; all of them must be answered.</summary>
    public async Task<IReadOnlyList<(HttpStatusCode Status, string Revision, string Body)>> AskAsync(int requests, int atATime = 8)
    {
        var answers = new (HttpStatusCode, string, string)[requests];
        await Parallel.ForAsync(0, requests, new ParallelOptions { MaxDegreeOfParallelism = atATime }, async (i, _) =>
        {
            using var response = await PostAsync([1, 2, 3]);
            answers[i] = (response.StatusCode, Revision(response), await response.Content.ReadAsStringAsync(CancellationToken.None));
        });
        return answers;
    }

    public static string Revision(HttpResponseMessage response) =>
        response.Headers.TryGetValues("x-model-revision", out var values) ? values.Single() : "";

    /// <summary>The sum of the series that carry all of these labels, when nothing is in flight any more.</summary>
    public async Task<double?> MetricAsync(string name, params string[] labels)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var text = await Http.GetStringAsync(Metrics, patience.Token);
            if (Sum(text, "modelrouter_inflight_requests", []) is null or 0)
            {
                return Sum(text, name, labels);
            }
        }
    }

    /// <summary>The sum of the series that carry all of these labels, when it has reached a value; else what it is after a long time.</summary>
    public async Task<double?> WhenMetricAsync(string name, double expected, params string[] labels)
    {
        var patience = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var sum = Sum(await Http.GetStringAsync(Metrics), name, labels);
            if (sum >= expected || TimeProvider.System.GetElapsedTime(patience) > Patience)
            {
                return sum;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.DisposeAsync();
    }

    private static double? Sum(string text, string name, string[] labels)
    {
        var series = SampleLine().Matches(text)
            .Where(line => line.Groups["name"].Value == name && labels.All(label => line.Groups["labels"].Value.Contains(label, StringComparison.Ordinal)))
            .Select(line => double.Parse(line.Groups["value"].ValueSpan, CultureInfo.InvariantCulture))
            .ToList();
        return series.Count == 0 ? null : series.Sum();
    }

    [GeneratedRegex("^(?<name>[a-z_]+)(\\{(?<labels>.*)\\})? (?<value>\\S+)$", RegexOptions.Multiline)]
    private static partial Regex SampleLine();

    internal sealed class FixedRoutes : IRouteSource
    {
        public bool HasSynced { get; set; } = true;
    }
}
