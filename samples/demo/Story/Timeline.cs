namespace ModelOperator.Demo.Story;

/// <summary>What happened, a line each, with the seconds since the start.</summary>
internal sealed class Timeline(TextWriter output, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private readonly Lock _lock = new();

    /// <summary>Time since the start.</summary>
    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <summary>A heading.</summary>
    public void Act(string title)
    {
        lock (_lock)
        {
            output.WriteLine();
            output.WriteLine($"== {title}");
        }
    }

    /// <summary>Something that happened.</summary>
    /// <param name="who">Who did or said it, in a word.</param>
    public void Say(string who, string what)
    {
        lock (_lock)
        {
            output.WriteLine($"{Elapsed.TotalSeconds,6:0.0}s  {who,-10} {what}");
        }
    }
}
