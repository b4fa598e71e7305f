using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Http;

/// <summary>The query parameters of a list or watch, checked.</summary>
/// <param name="ResourceVersion">The version asked for; null: none, 0: any.</param>
/// <param name="Match"><c>Exact</c>, <c>NotOlderThan</c> or empty.</param>
/// <param name="Limit">The most items of a page; null: all.</param>
/// <param name="Continue">The token of a page that continues a list, or null.</param>
/// <param name="SendInitialEvents">A watch starts with the objects that exist and marks their end.</param>
internal sealed record ListOptions(long? ResourceVersion, string Match, int? Limit, string? Continue, bool SendInitialEvents)
{
    /// <exception cref="ApiException">A parameter has a value that it cannot have, or two do not go together.</exception>
    public static ListOptions From(IQueryCollection query, bool isWatch)
    {
        var match = query["resourceVersionMatch"].FirstOrDefault() ?? "";
        var version = query["resourceVersion"].FirstOrDefault() ?? "";
        var token = query["continue"].FirstOrDefault() ?? "";
        var errors = new List<FieldError>();
        if (query.ContainsKey("sendInitialEvents"))
        {
            errors.AddRange(InitialEvents(match, isWatch));
        }
        else if (match.Length > 0)
        {
            errors.AddRange(Matching(match, version, token, isWatch));
        }

        if (token.Length > 0 && version is not ("" or "0"))
        {
            throw ApiErrors.BadRequest("specifying resource version is not allowed when using continue");
        }

        if (errors.Count > 0)
        {
            throw ApiErrors.Invalid("meta.k8s.io", "ListOptions", "", errors);
        }

        return new ListOptions(Version(version, isWatch), match, PageLimit(query), token.Length > 0 ? token : null, query["sendInitialEvents"] == "true");
    }

    private static IEnumerable<FieldError> InitialEvents(string match, bool isWatch)
    {
        const string Field = "resourceVersionMatch";
        if (!isWatch)
        {
            yield return FieldError.Forbidden("sendInitialEvents", "sendInitialEvents is forbidden for list");
            yield break;
        }

        if (match != "NotOlderThan")
        {
            yield return FieldError.Forbidden(Field, "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");
            if (match.Length > 0)
            {
                yield return FieldError.NotSupported(Field, ValueText.Of(match), ["\"NotOlderThan\""]);
            }
        }
    }

    private static IEnumerable<FieldError> Matching(string match, string version, string token, bool isWatch)
    {
        const string Field = "resourceVersionMatch";
        if (isWatch)
        {
            yield return FieldError.Forbidden(Field, "resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided");
            yield break;
        }

        if (version.Length == 0)
        {
            yield return FieldError.Forbidden(Field, "resourceVersionMatch is forbidden unless resourceVersion is provided");
        }

        if (token.Length > 0)
        {
            yield return FieldError.Forbidden(Field, "resourceVersionMatch is forbidden when continue is provided");
        }

        if (match is not ("Exact" or "NotOlderThan"))
        {
            yield return FieldError.NotSupported(Field, ValueText.Of(match), ["\"Exact\"", "\"NotOlderThan\"", "\"\""]);
        }

        if (match == "Exact" && version == "0")
        {
            yield return FieldError.Forbidden(Field, "resourceVersionMatch \"exact\" is forbidden for resourceVersion \"0\"");
        }
    }

    private static long? Version(string text, bool isWatch)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (long.TryParse(text, out var version) && version >= 0)
        {
            return version;
        }

        var problem = $"resourceVersion: Invalid value: {ValueText.Of(text)}: strconv.ParseUint: parsing {ValueText.Of(text)}: invalid syntax";
        throw isWatch ? ApiErrors.Internal(problem) : ApiErrors.BadRequest($"invalid resource version: {problem}");
    }

    private static int? PageLimit(IQueryCollection query)
    {
        if (query["limit"].FirstOrDefault() is not { Length: > 0 } text)
        {
            return null;
        }

        return int.TryParse(text, out var limit)
            ? limit > 0 ? limit : null
            : throw ApiErrors.BadRequest($"strconv.ParseInt: parsing {ValueText.Of(text)}: invalid syntax");
    }
}
