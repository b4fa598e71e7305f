using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace ModelOperator.Controller.Analysis.Prometheus;

/// <summary>Names and values of labels, each as one string: the series of an answer have nearly all of them in common.</summary>
internal sealed class LabelTexts
{
    private const int Longest = 128;

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    public LabelTexts() => _bySpan = _texts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The labels of a series.</summary>
    public IReadOnlyDictionary<string, string> Read(JsonElement metric)
    {
        var labels = new Dictionary<string, string>(metric.GetPropertyCount(), StringComparer.Ordinal);
        foreach (var label in metric.EnumerateObject())
        {
            labels.Add(Text(JsonMarshal.GetRawUtf8PropertyName(label)) ?? label.Name, Value(label.Value));
        }

        return labels;
    }

    private string Value(JsonElement value)
    {
        var raw = value.ValueKind == JsonValueKind.String ? JsonMarshal.GetRawUtf8Value(value) : [];
        return raw.Length < 2 ? value.GetString() ?? "" : Text(raw[1..^1]) ?? value.GetString() ?? "";
    }

    // Null for what is written with escapes, or is too long to be met again.
    private string? Text(ReadOnlySpan<byte> raw)
    {
        if (raw.Length > Longest || raw.Contains((byte)'\\'))
        {
            return null;
        }

        Span<char> characters = stackalloc char[Longest];
        var text = characters[..Encoding.UTF8.GetChars(raw, characters)];
        if (!_bySpan.TryGetValue(text, out var known))
        {
            _texts.Add(known = new string(text));
        }

        return known;
    }
}
