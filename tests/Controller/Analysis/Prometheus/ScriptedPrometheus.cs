using System.Globalization;
using System.Net;
using System.Text;

namespace ModelOperator.Controller.Tests.Analysis.Prometheus;

/// <summary>Stands in for the HTTP side of Prometheus: answers by the query, and keeps what was asked.</summary>
internal sealed class ScriptedPrometheus : HttpMessageHandler
{
    private readonly List<IReadOnlyDictionary<string, string>> _asked = [];
    private readonly Lock _lock = new();

    public const string Empty = """{"status":"success","data":{"resultType":"vector","result":[]}}""";

    /// <summary>Gives the answer to a query; what it throws is thrown at the client.</summary>
    public Func<string, CancellationToken, Task<HttpResponseMessage>> Answer { get; set; } = (_, _) => Task.FromResult(Json(Empty));

    /// <summary>Gives the answer to a query at a time instead, if it is there.</summary>
    public Func<string, DateTimeOffset, string>? AnswerAt { get; set; }

    public Uri? LastAddress { get; private set; }

    public string? LastAuthorization { get; private set; }

    /// <summary>The form of every request.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Asked
    {
        get
        {
            lock (_lock)
            {
                return [.. _asked];
            }
        }
    }

    public static HttpResponseMessage Json(string body, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    /// <summary>An instant vector; labels are written as JSON members.</summary>
    public static string Vector(params (string Labels, string Value)[] series) =>
        Success("vector", series.Select(s => "{\"metric\":{" + s.Labels + "},\"value\":[1700000000.5,\"" + s.Value + "\"]}"));

    /// <summary>A range vector; labels are written as JSON members.</summary>
    public static string Matrix(params (string Labels, (DateTimeOffset At, double Value)[] Samples)[] series) =>
        Success("matrix", series.Select(s => "{\"metric\":{" + s.Labels + "},\"values\":[" + string.Join(',', s.Samples.Select(Sample)) + "]}"));

    public void Say(string body, HttpStatusCode status = HttpStatusCode.OK) => Answer = (_, _) => Task.FromResult(Json(body, status));

    private static string Sample((DateTimeOffset At, double Value) sample) => $"[{sample.At.ToUnixTimeMilliseconds() / 1000m},\"{sample.Value}\"]";

    private static string Success(string type, IEnumerable<string> series) =>
        "{\"status\":\"success\",\"data\":{\"resultType\":\"" + type + "\",\"result\":[" + string.Join(',', series) + "]}}";

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = await request.Content!.ReadAsStringAsync(cancellationToken);
        var form = body.Split('&').Select(p => p.Split('=')).ToDictionary(p => WebUtility.UrlDecode(p[0]), p => WebUtility.UrlDecode(p[1]));
        lock (_lock)
        {
            _asked.Add(form);
            LastAddress = request.RequestUri;
            LastAuthorization = request.Headers.Authorization?.ToString();
        }

        return AnswerAt is { } answer
            ? Json(answer(form["query"], DateTimeOffset.FromUnixTimeMilliseconds((long)(decimal.Parse(form["time"], CultureInfo.InvariantCulture) * 1000))))
            : await Answer(form["query"], cancellationToken);
    }
}
