using System.Globalization;
using System.Text.Json;
using ModelOperator.Controller.Analysis.Counters;

namespace ModelOperator.Controller.Analysis.Prometheus;

/// <summary>The envelope of the HTTP API: a result, or why there is none.</summary>
internal sealed record PrometheusAnswer(PrometheusResult? Result, string? Error)
{
    private const int LongestError = 500;

    /// <summary>Reads a body.</summary>
    /// <exception cref="FormatException">It is not an answer of the query API; the message says why.</exception>
    public static PrometheusAnswer Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            return root.GetProperty("status").GetString() switch
            {
                "success" => new PrometheusAnswer(ReadResult(root), null),
                "error" => new PrometheusAnswer(null, ReadError(root)),
                _ => throw new FormatException("its status is neither success nor error"),
            };
        }
        catch (JsonException e)
        {
            throw new FormatException("it is not JSON", e);
        }
        catch (Exception e) when (e is KeyNotFoundException or InvalidOperationException or IndexOutOfRangeException or ArgumentException)
        {
            throw new FormatException("it is not shaped like an answer of the query API", e);
        }
    }

    private static string ReadError(JsonElement root)
    {
        var type = root.TryGetProperty("errorType", out var t) ? t.GetString() : null;
        var text = root.TryGetProperty("error", out var e) ? e.GetString() ?? "" : "";
        text = text.Length <= LongestError ? text : text[..LongestError] + "...";
        return type is null ? text : $"{type}: {text}";
    }

    private static PrometheusResult ReadResult(JsonElement root)
    {
        var data = root.GetProperty("data");
        var result = data.GetProperty("result");
        var warnings = root.TryGetProperty("warnings", out var w) ? w.EnumerateArray().Select(x => x.GetString() ?? "").ToArray() : [];
        return data.GetProperty("resultType").GetString() switch
        {
            "scalar" => new(PrometheusResultKind.Scalar, [new(new Dictionary<string, string>(), [ReadSample(result)])], warnings),
            "vector" => new(PrometheusResultKind.Vector, ReadSeries(result, s => [ReadSample(s.GetProperty("value"))]), warnings),
            "matrix" => new(PrometheusResultKind.Matrix, ReadSeries(result, s => [.. s.GetProperty("values").EnumerateArray().Select(ReadSample)]), warnings),
            var other => throw new FormatException($"its result is a {other}, not numbers"),
        };
    }

    private static List<PrometheusSeries> ReadSeries(JsonElement result, Func<JsonElement, IReadOnlyList<Sample>> samples)
    {
        var series = new List<PrometheusSeries>(result.GetArrayLength());
        var texts = new LabelTexts();
        foreach (var element in result.EnumerateArray())
        {
            // A series of both kinds has "values" as well as "histograms"; its floats can still be used.
            if (!element.TryGetProperty("value", out _) && !element.TryGetProperty("values", out _))
            {
                throw new FormatException("its series are native histograms; apply histogram_quantile, histogram_count or the like");
            }

            series.Add(new PrometheusSeries(texts.Read(element.GetProperty("metric")), samples(element)));
        }

        return series;
    }

    private static Sample ReadSample(JsonElement pair)
    {
        var at = DateTimeOffset.FromUnixTimeMilliseconds((long)Math.Round(pair[0].GetDouble() * 1000));
        var value = pair[1].GetString() switch
        {
            "NaN" => double.NaN,
            "+Inf" or "Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            var text when double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => number,
            _ => throw new FormatException("a value is not a number"),
        };
        return new Sample(at, value);
    }
}
