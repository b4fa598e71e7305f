using System.Text.RegularExpressions;
using ModelOperator.Api.ModelRoutes;

namespace ModelOperator.Router.Matching;

/// <summary>A condition on a request's headers. What a caller sends cannot make it slow.</summary>
internal sealed class CallerMatch
{
    private const int MaxValueLength = 4096;
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);

    private readonly string? _header;
    private readonly string? _cookie;
    private readonly string _value;
    private readonly Regex? _expression;

    private CallerMatch(string? header, string? cookie, string value, Regex? expression)
    {
        _header = header;
        _cookie = cookie;
        _value = value;
        _expression = expression;
    }

    /// <summary>Makes one of what the route states; null when its expression is none, so that it matches nobody.</summary>
    public static CallerMatch? Create(RouteMatch match)
    {
        if (match.Type != "RegularExpression")
        {
            return new CallerMatch(match.Header, match.Cookie, match.Value, null);
        }
        try
        {
            // Without backtracking the time is linear in the value.
            var whole = new Regex($@"\A(?:{match.Value})\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, Patience);
            return new CallerMatch(match.Header, match.Cookie, match.Value, whole);
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>Whether a request has it. Of a header that is sent several times any value counts.</summary>
    public bool IsMetBy(IHeaderDictionary headers)
    {
        if (_cookie is not null)
        {
            return CookieHeader.TryFind(headers.Cookie, _cookie, out var cookie) && IsMetBy(cookie);
        }
        foreach (var value in headers[_header ?? ""])
        {
            if (IsMetBy(value))
            {
                return true;
            }
        }
        return false;
    }

    private bool IsMetBy(ReadOnlySpan<char> value)
    {
        if (_expression is null)
        {
            return value.SequenceEqual(_value);
        }
        try
        {
            return value.Length <= MaxValueLength && _expression.IsMatch(value);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
