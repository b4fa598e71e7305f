using System.Globalization;
using System.Text;

namespace ModelOperator.EndToEnd.Tests.Chaos;

/// <summary>Counts what callers saw, and holds it against what was promised.</summary>
internal sealed class ChaosReport
{
    /// <summary>How sure a verdict on a share is.</summary>
    private const double Confidence = 0.999;

    private readonly IReadOnlyList<Ask> _asks;
    private readonly Func<Ask, bool> _wasAtKilledRouter;
    private readonly Func<Ask, bool> _hadStable;
    private readonly IReadOnlyList<Share> _shares;

    /// <param name="asks">All requests.</param>
    /// <param name="candidate">The revision whose share is judged.</param>
    /// <param name="wasAtKilledRouter">Whether a request was at a router that was killed with SIGKILL.</param>
    /// <param name="hadStable">Whether the API said all the time that a stable pod was ready.</param>
    /// <param name="hadCandidate">Whether it said so of the candidate.</param>
    /// <param name="candidateTimeout">After which a router gives a request to stable.</param>
    public ChaosReport(
        IReadOnlyList<Ask> asks,
        string candidate,
        Func<Ask, bool> wasAtKilledRouter,
        Func<Ask, bool> hadStable,
        Func<Ask, bool> hadCandidate,
        TimeSpan candidateTimeout)
    {
        _asks = asks;
        _wasAtKilledRouter = wasAtKilledRouter;
        _hadStable = hadStable;
        _shares = [.. asks
            .Where(ask => ask is { Failure: null, Act.IsCandidateWell: true } && hadStable(ask) && hadCandidate(ask))
            .GroupBy(ask => ask.Weights.AtFirst)
            .OrderBy(group => group.Key)
            .Select(group => Share.Of(group.Key, [.. group], candidate, candidateTimeout, Confidence))];
    }

    /// <summary>Requests that got no answer though a pod could have given one, each of them a broken promise.</summary>
    public IReadOnlyList<Ask> Lost => [.. _asks.Where(IsLost)];

    /// <summary>Weights whose share was none that chance explains.</summary>
    public IReadOnlyList<Share> Wrong => [.. _shares.Where(share => !share.IsRight)];

    public IReadOnlyList<Share> Shares => _shares;

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(Row("act", "requests", "answered", "lost", "at a killed router", "no stable pod ready"));
        foreach (var act in _asks.GroupBy(ask => ask.Act.Name))
        {
            text.AppendLine(Row(act.Key, [.. act]));
        }

        text.AppendLine(Row("all", _asks));
        text.AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{"weight",8} {"requests",9} {"candidate's",12} {$"{Confidence:P1} interval",17} {"at that weight alone",21} {"share",8}");
        foreach (var share in _shares)
        {
            text.AppendLine(Row(share));
        }

        return text.ToString();
    }

    private static string Row(Share share) => string.Create(
        CultureInfo.InvariantCulture,
        $"{share.Weight,6} % {share.Requests,9} {share.Answers,12} {$"{share.Least} to {share.Most}",17} {share.Sure,21} {100.0 * share.SureAnswers / share.Sure,6:0.0} %{(share.IsRight ? "" : "   WRONG")}");

    private bool IsLost(Ask ask) => ask.Failure is not null && !_wasAtKilledRouter(ask) && _hadStable(ask);

    private string Row(string name, IReadOnlyCollection<Ask> asks)
    {
        var failed = asks.Where(ask => ask.Failure is not null).ToList();
        return Row(
            name, $"{asks.Count}", $"{asks.Count - failed.Count}", $"{failed.Count(IsLost)}", $"{failed.Count(_wasAtKilledRouter)}",
            $"{failed.Count(ask => !_wasAtKilledRouter(ask) && !_hadStable(ask))}");
    }

    private static string Row(string name, string requests, string answered, string lost, string killed, string none) =>
        $"{name,-32} {requests,9} {answered,9} {lost,6} {killed,19} {none,20}";
}
