using System.Text;
using System.Text.RegularExpressions;

namespace ModelOperator.Judgement.Queries;

/// <summary>Writes parts of PromQL.</summary>
internal static class PromQl
{
    /// <summary>
    /// Escapes text for a string literal in double or single quotes. Quotes become <c>\x22</c> and <c>\x27</c>, because PromQL refuses to see
    /// the escape of the quote that a literal does not use.
    /// </summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            _ = c switch
            {
                '\\' => escaped.Append(@"\\"),
                '"' => escaped.Append(@"\x22"),
                '\'' => escaped.Append(@"\x27"),
                '\n' => escaped.Append(@"\n"),
                '\r' => escaped.Append(@"\r"),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    /// <summary>A selector of a metric's series by equal labels.</summary>
    public static string Selector(string metric, params ReadOnlySpan<(string Label, string Value)> labels)
    {
        var selector = new StringBuilder(metric).Append('{');
        var separator = "";
        foreach (var (label, value) in labels)
        {
            selector.Append(separator).Append(label).Append("=\"").Append(Escape(value)).Append('"');
            separator = ",";
        }

        return selector.Append('}').ToString();
    }

    /// <summary>A selector of a metric's series whose labels each have one of several values.</summary>
    public static string SelectorOfAny(string metric, params ReadOnlySpan<(string Label, IEnumerable<string> Values)> labels)
    {
        var selector = new StringBuilder(metric).Append('{');
        var separator = "";
        foreach (var (label, values) in labels)
        {
            var any = string.Join('|', values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(Regex.Escape));
            selector.Append(separator).Append(label).Append("=~\"").Append(Escape(any)).Append('"');
            separator = ",";
        }

        return selector.Append('}').ToString();
    }
}
