using System.Text.RegularExpressions;

namespace ModelOperator.DevCluster.Cel.Values;

/// <summary>Kubernetes' escapes for property names that are no CEL identifiers: <c>foo__dash__bar</c> selects <c>foo-bar</c>.</summary>
internal static partial class FieldName
{
    public static string Unescape(string name)
    {
        if (!name.Contains("__", StringComparison.Ordinal))
        {
            return name;
        }

        if (ReservedWord().Match(name) is { Success: true } reserved)
        {
            return reserved.Groups[1].Value;
        }

        return Escape().Replace(name, escape => escape.Value switch
        {
            "__underscores__" => "__",
            "__dot__" => ".",
            "__dash__" => "-",
            _ => "/",
        });
    }

    [GeneratedRegex("__(?:underscores|dot|dash|slash)__", RegexOptions.NonBacktracking)]
    private static partial Regex Escape();

    [GeneratedRegex("^__(true|false|null|in|as|break|const|continue|else|for|function|if|import|let|loop|package|namespace|return)__$")]
    private static partial Regex ReservedWord();
}
