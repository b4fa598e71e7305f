using System.Globalization;

namespace ModelOperator.Cli.Output;

/// <summary>Makes text of a cluster fit to print: it can neither steer a terminal nor break a line nor turn the direction of writing.</summary>
internal static class PlainText
{
    private const char Replacement = '\uFFFD';

    public static string Of(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        return text.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? string.Create(text.Length, text, static (span, source) =>
            {
                for (var i = 0; i < span.Length; i++)
                {
                    span[i] = Clean(source[i]);
                }
            })
            : text;
    }

    private static char Clean(char c) => c switch
    {
        '\n' or '\r' or '\t' => ' ',
        _ => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            ? Replacement
            : c,
    };
}
