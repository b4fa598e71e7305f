using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace ModelOperator.DevCluster.Cel.Functions;

/// <summary>
/// RE2 patterns on .NET's linear-time engine. RE2's classes are ASCII and its <c>$</c> is the very end of the text; a translation keeps both.
/// </summary>
internal static class Re2Pattern
{
    private const int MaxLength = 4096, MaxCached = 512;

    private static readonly ConcurrentDictionary<string, Regex> Cache = new(StringComparer.Ordinal);

    /// <returns>The expression, or null with the reason in <paramref name="error"/>.</returns>
    public static Regex? TryCompile(string pattern, out string error)
    {
        error = "";
        if (Cache.TryGetValue(pattern, out var known))
        {
            return known;
        }

        if (pattern.Length > MaxLength)
        {
            error = $"error parsing regexp: longer than {MaxLength} characters";
            return null;
        }
        try
        {
            var regex = new Regex(Translate(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
            if (Cache.Count >= MaxCached)
            {
                Cache.Clear();
            }

            return Cache[pattern] = regex;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            error = $"error parsing regexp: {e.Message}";
            return null;
        }
    }

    private static string Translate(string pattern)
    {
        var result = new StringBuilder(pattern.Length + 16);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var c = pattern[i];
            switch (c)
            {
                case '\\' when i + 1 < pattern.Length:
                    result.Append(Escape(pattern[++i], inClass));
                    break;
                case '[' when !inClass:
                    inClass = true;
                    result.Append(c);
                    // A bracket right after the opening is a literal.
                    if (i + 1 < pattern.Length && pattern[i + 1] == '^')
                    {
                        result.Append(pattern[++i]);
                    }

                    if (i + 1 < pattern.Length && pattern[i + 1] == ']')
                    {
                        result.Append('\\').Append(pattern[++i]);
                    }

                    break;
                case '[':
                    result.Append("\\[");
                    break;
                case ']':
                    inClass = false;
                    result.Append(c);
                    break;
                case '$' when !inClass:
                    result.Append("\\z");
                    break;
                case 'P' when !inClass && i >= 2 && pattern[i - 1] == '?' && pattern[i - 2] == '(':
                    break;
                default:
                    result.Append(c);
                    break;
            }
        }
        return result.ToString();
    }

    private static string Escape(char c, bool inClass) => (c, inClass) switch
    {
        ('d', false) => "[0-9]",
        ('d', true) => "0-9",
        ('D', false) => "[^0-9]",
        ('w', false) => "[0-9A-Za-z_]",
        ('w', true) => "0-9A-Za-z_",
        ('W', false) => "[^0-9A-Za-z_]",
        ('s', false) => "[\\t\\n\\f\\r ]",
        ('s', true) => "\\t\\n\\f\\r ",
        ('S', false) => "[^\\t\\n\\f\\r ]",
        _ => $"\\{c}",
    };
}
