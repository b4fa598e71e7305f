using System.Net;
using System.Net.Sockets;
using ModelOperator.Controller.Analysis;
using ModelOperator.Controller.Analysis.Prometheus;

namespace ModelOperator.Controller.Tests.Analysis.Prometheus;

internal sealed class PrometheusClientTests
{
    private static readonly Uri Address = new("http://prometheus.example:9090/prefix/");
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_250);

    private ScriptedPrometheus _prometheus = null!;
    private HttpClient _http = null!;

    [SetUp]
    public void SetUp()
    {
        _prometheus = new ScriptedPrometheus();
        _http = new HttpClient(_prometheus);
    }

    [TearDown]
    public void TearDown()
    {
        _http.Dispose();
        _prometheus.Dispose();
    }

    [Test]
    public async Task A_query_is_posted_below_the_addresss_path_with_its_time_and_timeout()
    {
        await QueryAsync();

        Assert.That(_prometheus.LastAddress, Is.EqualTo(new Uri("http://prometheus.example:9090/prefix/api/v1/query")));
        Assert.That(
            _prometheus.Asked.Single(),
            Is.EquivalentTo(new Dictionary<string, string> { ["query"] = "up == 1", ["time"] = "1700000000.250", ["timeout"] = "10000ms" }));
    }

    [Test]
    public async Task A_vector_is_read_with_labels_times_and_odd_values()
    {
        _prometheus.Say(ScriptedPrometheus.Vector(("\"a\":\"x\"", "1.5"), ("\"a\":\"y\"", "NaN"), ("\"a\":\"z\"", "-Inf"), ("", "+Inf")));

        var result = await QueryAsync();

        Assert.That(result.Kind, Is.EqualTo(PrometheusResultKind.Vector));
        Assert.That(result.Series.Select(s => s.Samples[0].Value), Is.EqualTo(new[] { 1.5, double.NaN, double.NegativeInfinity, double.PositiveInfinity }));
        Assert.That(result.Series[0].Labels["a"], Is.EqualTo("x"));
        Assert.That(result.Series[0].Samples[0].At, Is.EqualTo(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_500)));
    }

    [Test]
    public async Task A_matrix_and_a_scalar_are_read_and_warnings_kept()
    {
        _prometheus.Say("""{"status":"success","warnings":["store is away"],"data":{"resultType":"matrix","result":[{"metric":{"a":"x"},"values":[[1,"2"],[2.5,"3"]]}]}}""");
        var matrix = await QueryAsync();
        _prometheus.Say("""{"status":"success","data":{"resultType":"scalar","result":[1,"42"]}}""");
        var scalar = await QueryAsync();

        Assert.That((matrix.Kind, matrix.Series[0].Samples[1].Value, matrix.Warnings[0]), Is.EqualTo((PrometheusResultKind.Matrix, 3.0, "store is away")));
        Assert.That((scalar.Kind, scalar.Series[0].Samples[0].Value), Is.EqualTo((PrometheusResultKind.Scalar, 42.0)));
    }

    [TestCase(
        400, """{"status":"error","errorType":"bad_data","error":"parse error: unexpected end"}""",
        "Prometheus at http://prometheus.example:9090/prefix/ refused the query (HTTP 400): bad_data: parse error: unexpected end")]
    [TestCase(401, "<html>secret page</html>", "Prometheus at http://prometheus.example:9090/prefix/ gave no usable answer (HTTP 401): it asks for credentials")]
    [TestCase(404, "not found", "Prometheus at http://prometheus.example:9090/prefix/ gave no usable answer (HTTP 404): no query API there; is the path complete?")]
    [TestCase(302, "", "Prometheus at http://prometheus.example:9090/prefix/ gave no usable answer (HTTP 302): it redirects; give the final address")]
    [TestCase(503, "upstream", "Prometheus at http://prometheus.example:9090/prefix/ gave no usable answer (HTTP 503): a server or proxy on the way is failing")]
    [TestCase(200, "<html>", "Prometheus at http://prometheus.example:9090/prefix/ gave no usable answer (HTTP 200): it is not JSON")]
    [TestCase(200, "[]", "Prometheus at http://prometheus.example:9090/prefix/ gave no usable answer (HTTP 200): it is not shaped like an answer of the query API")]
    [TestCase(200, """{"status":"success"}""", "Prometheus at http://prometheus.example:9090/prefix/ gave no usable answer (HTTP 200): it is not shaped like an answer of the query API")]
    [TestCase(
        200, """{"status":"success","data":{"resultType":"scalar","result":[1e300,"1"]}}""",
        "Prometheus at http://prometheus.example:9090/prefix/ gave no usable answer (HTTP 200): it is not shaped like an answer of the query API")]
    [TestCase(
        200, """{"status":"success","data":{"resultType":"string","result":[1,"x"]}}""",
        "Prometheus at http://prometheus.example:9090/prefix/ gave no usable answer (HTTP 200): its result is a string, not numbers")]
    [TestCase(
        200, """{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"histogram":[1,{}]}]}}""",
        "Prometheus at http://prometheus.example:9090/prefix/ gave no usable answer (HTTP 200): its series are native histograms; apply histogram_quantile, histogram_count or the like")]
    public async Task An_answer_that_is_none_is_explained(int status, string body, string expected)
    {
        _prometheus.Say(body, (HttpStatusCode)status);

        Assert.That((await Assert.ThrowsAsync<PrometheusException>(() => QueryAsync()))!.Message, Is.EqualTo(expected));
    }

    [Test]
    public async Task An_answer_beyond_the_limit_is_not_read()
    {
        _prometheus.Answer = (_, _) => Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new EndlessSpaces()) });

        Assert.That(
            (await Assert.ThrowsAsync<PrometheusException>(() => QueryAsync()))!.Message,
            Does.Contain("answered more than 8 MiB"));
    }

    [Test]
    public async Task A_server_that_is_too_slow_is_given_up()
    {
        _prometheus.Answer = Never;

        Assert.That(
            (await Assert.ThrowsAsync<PrometheusException>(() => QueryAsync(TimeSpan.FromMilliseconds(20))))!.Message,
            Is.EqualTo("Prometheus at http://prometheus.example:9090/prefix/ did not answer within 20ms"));
    }

    [Test]
    public async Task Cancellation_is_cancellation_and_no_failure_of_Prometheus()
    {
        using var cancel = new CancellationTokenSource();
        _prometheus.Answer = async (query, ct) =>
        {
            await cancel.CancelAsync();
            return await Never(query, ct);
        };

        await Assert.ThatAsync(() => QueryAsync(ct: cancel.Token), Throws.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public async Task A_port_where_nothing_listens_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        listener.Stop();
        using var http = AnalysisServices.CreateHttpClient();

        Assert.That(
            (await Assert.ThrowsAsync<PrometheusException>(
                () => new PrometheusClient(http, TimeProvider.System).QueryAsync(new(address, TimeSpan.FromSeconds(30)), "up", At, default)))!.Message,
            Does.StartWith($"Prometheus at {address} cannot be reached: Connection refused"));
    }

    private static async Task<HttpResponseMessage> Never(string query, CancellationToken ct)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        throw new InvalidOperationException(query);
    }

    private Task<PrometheusResult> QueryAsync(TimeSpan? timeout = null, CancellationToken ct = default) =>
        new PrometheusClient(_http, TimeProvider.System).QueryAsync(new(Address, timeout ?? TimeSpan.FromSeconds(10)), "up == 1", At, ct);
}
