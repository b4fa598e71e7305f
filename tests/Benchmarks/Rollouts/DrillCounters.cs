using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace ModelOperator.Benchmarks.Rollouts;

/// <summary>What a router would count: 50 good requests a second of every revision, and of a bad one a sudden lot of errors.</summary>
internal sealed class DrillCounters
{
    private const double RequestsPerSecond = 50;
    private const int Errors = 200;

    private readonly long _started = TimeProvider.System.GetTimestamp();
    private readonly ConcurrentDictionary<string, (string Deployment, bool IsBad)> _revisions = new();

    public void Serve(string deployment, string revision) => _revisions[revision] = (deployment, false);

    public void GoBad(string revision) => _revisions[revision] = _revisions[revision] with { IsBad = true };

    public void Forget(string revision) => _revisions.TryRemove(revision, out _);

    /// <summary>A scrape of it.</summary>
    public string Exposition()
    {
        var good = TimeProvider.System.GetElapsedTime(_started).TotalSeconds * RequestsPerSecond;
        var text = new StringBuilder();
        foreach (var (revision, (deployment, isBad)) in _revisions)
        {
            foreach (var (outcome, count) in new[] { ("ok", good), ("error", isBad ? Errors : 0) })
            {
                text.Append(CultureInfo.InvariantCulture, $"modelrouter_requests_total{{namespace=\"default\",deployment=\"{deployment}\",revision=\"{revision}\",role=\"Candidate\",outcome=\"{outcome}\"}} {count:0}\n");
            }
        }

        return text.ToString();
    }
}
