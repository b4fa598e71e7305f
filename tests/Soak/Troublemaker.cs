using ModelOperator.TestSupport.Faults;

namespace ModelOperator.Soak;

/// <summary>
/// Breaks the connection every second and lets the server misbehave. For half a minute of every three there are also
/// faults after which a client has to back off; the rest of the time a client that behaves is always back at once.
/// </summary>
internal sealed class Troublemaker(FaultyApi api, FaultyLink link)
{
    private const int Cycle = 180;
    private const int HardPart = 30;

    private static readonly Fault[] Soft =
    [
        KnownFaults.Reset, KnownFaults.CleanClose, KnownFaults.PartialLine, KnownFaults.TruncatedJson, KnownFaults.UnknownKind,
        KnownFaults.MissingMetadata, KnownFaults.NegativeVersion, KnownFaults.GoAway, KnownFaults.HalfOpen,
    ];

    private static readonly Fault[] Hard =
    [
        KnownFaults.Gone, KnownFaults.Garbage, KnownFaults.UnknownType, KnownFaults.HugeLine, KnownFaults.Refusal(500, "InternalError", "broken"),
    ];

    private static readonly Fault[] Answers =
    [
        KnownFaults.TooManyRequests(null), KnownFaults.HtmlPage, KnownFaults.Gone, KnownFaults.Refusal(503, "ServiceUnavailable", "starting"), KnownFaults.TruncatedJson,
    ];

    private int _second;

    /// <summary>How many faults there were.</summary>
    public int Faults { get; private set; }

    /// <summary>How many times every connection was reset.</summary>
    public int Resets { get; private set; }

    /// <summary>Called once a second.</summary>
    public void Strike()
    {
        var second = _second++;
        var isHard = second % Cycle < HardPart;
        Break(Soft[second % Soft.Length]);
        if (isHard && second % 5 == 0)
        {
            Break(Hard[second / 5 % Hard.Length]);
            api.InjectIntoNext(second % 10 == 0 ? ApiCall.List : ApiCall.Watch, Answers[second / 5 % Answers.Length]);
            Faults++;
        }

        if (isHard && second % 15 == 7)
        {
            api.Store.Compact();
            Faults++;
        }

        link.Refuse(isHard && second % 15 == 11);
        if (second % 20 == 13)
        {
            link.Freeze();
        }
        else
        {
            link.Thaw();
        }

        link.Reset();
        Resets++;
        api.Store.SendBookmarks();
    }

    /// <summary>Lets all be well.</summary>
    public void Rest()
    {
        link.Refuse(false);
        link.Thaw();
        link.Reset();
    }

    private void Break(Fault fault)
    {
        api.Store.BreakWatches(fault);
        Faults++;
    }
}
