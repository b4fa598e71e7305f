namespace ModelOperator.Demo.Story;

/// <summary>What the demo says is true, each checked as it is said.</summary>
internal sealed class Claims(Timeline timeline)
{
    private readonly List<string> _failed = [];

    /// <summary>How many were checked.</summary>
    public int Checked { get; private set; }

    /// <summary>Those that did not hold.</summary>
    public IReadOnlyList<string> Failed => _failed;

    /// <summary>Checks a claim and prints it with the figure that decided.</summary>
    public void Check(string claim, bool holds, string seen)
    {
        Checked++;
        timeline.Say(holds ? "claim ok" : "CLAIM FAILED", $"{claim} ({seen})");
        if (!holds)
        {
            _failed.Add($"{claim} ({seen})");
        }
    }
}
