using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Validation;

/// <summary>What ports may be: numbers, and the names that stand for them (IANA service names).</summary>
internal static class PortRules
{
    public static readonly string[] Protocols = ["SCTP", "TCP", "UDP"];

    public static FieldError? Number(JsonNode? value, string path) => value.AsInteger() is >= 1 and <= 65535
        ? null
        : FieldError.Invalid(path, ValueText.Of(value ?? 0), "must be between 1 and 65535, inclusive");

    public static IEnumerable<FieldError> NumberOrName(JsonNode? value, string path) => value.StringOrNull() is { } name
        ? Name(name).Select(problem => FieldError.Invalid(path, ValueText.Of(name), problem))
        : Number(value, path) is { } error ? [error] : [];

    public static IEnumerable<string> Name(string name)
    {
        if (name.Length > 15)
        {
            yield return "must be no more than 15 characters";
        }

        if (name.Any(letter => !char.IsAsciiLetterLower(letter) && !char.IsAsciiDigit(letter) && letter != '-'))
        {
            yield return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
        }

        if (!name.Any(char.IsAsciiLetterLower))
        {
            yield return "must contain at least one letter (a-z)";
        }

        if (name.Contains("--", StringComparison.Ordinal))
        {
            yield return "must not contain consecutive hyphens";
        }

        if (name.Length > 1 && (name.StartsWith('-') || name.EndsWith('-')))
        {
            yield return "must not begin or end with a hyphen";
        }
    }

    public static FieldError? Protocol(JsonNode? value, string path) => value.StringOrNull() is { } protocol && !Protocols.Contains(protocol)
        ? FieldError.NotSupported(path, ValueText.Of(value), Protocols.Select(supported => ValueText.Of(supported)))
        : null;
}
