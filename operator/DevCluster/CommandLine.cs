namespace ModelOperator.DevCluster;

/// <summary>Reads a command line word by word; every mistake is an <see cref="ArgumentException"/> that names it.</summary>
internal sealed class CommandLine(IReadOnlyList<string> words)
{
    private int _next;
    private string _name = "";

    /// <summary>Moves to the next option; false at the end.</summary>
    public bool TryNext(out string name)
    {
        name = _next < words.Count ? words[_next++] : "";
        _name = name;
        return name.Length > 0;
    }

    /// <summary>The value of the option.</summary>
    public string Value() => _next < words.Count ? words[_next++] : throw new ArgumentException($"{_name} needs a value");

    public string Path() => System.IO.Path.GetFullPath(Value());

    public int Number(int max) => Value() is var text && int.TryParse(text, out var number) && number >= 0 && number <= max
        ? number
        : throw new ArgumentException($"{_name} needs a number from 0 to {max}, not '{text}'");

    public TimeSpan Seconds() => Value() is var text && text is [.. var digits, 's'] && int.TryParse(digits, out var seconds) && seconds is > 0 and <= 300
        ? TimeSpan.FromSeconds(seconds)
        : throw new ArgumentException($"{_name} needs seconds such as 1s or 10s, not '{text}'");

    public NodeNetwork Network() => Value() is var text && NodeNetwork.TryParse(text, out var network)
        ? network
        : throw new ArgumentException($"{_name} needs a range such as 10.244.0.0/16, not '{text}'");

    public ArgumentException Unknown() => new($"unknown argument '{_name}'");
}
