using ModelOperator.TestSupport.Faults;

namespace ModelOperator.Soak;

/// <summary>
/// Breaks the connection every second and lets the server misbehave. For a few seconds of every two and a quarter
/// minutes there are also faults after which a client has to back off; after the others a client is back at once.
/// </summary>
internal sealed class Troublemaker(FaultyApi api, FaultyLink link)
{
    private const int Cycle = 135;
    private const int HardPart = 8;

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
    private int _hard;

    /// <summary>How many faults there were.</summary>
    public int Faults { get; private set; }

    /// <summary>How many times every connection was reset.</summary>
    public int Resets { get; private set; }

    /// <summary>Called once a second.</summary>
    public void Strike()
    {
        var second = _second++;
        var phase = second % Cycle;
        Break(Soft[second % Soft.Length]);
        if (phase < HardPart && phase % 3 == 0)
        {
            Break(Hard[_hard % Hard.Length]);
            api.InjectIntoNext(_hard % 2 == 0 ? ApiCall.List : ApiCall.Watch, Answers[_hard % Answers.Length]);
            _hard++;
            Faults++;
        }

        if (phase == 4)
        {
            api.Store.Compact();
        }

        link.Refuse(phase == 5);
        if (phase == HardPart)
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
