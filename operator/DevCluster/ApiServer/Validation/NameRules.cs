using System.Text.RegularExpressions;

namespace ModelOperator.DevCluster.ApiServer.Validation;

/// <summary>What names may look like; each rule gives null or what is wrong, in Kubernetes' words.</summary>
internal static partial class NameRules
{
    private const string LabelPattern = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";

    public static string? Label(string name)
    {
        if (name.Length > 63)
        {
            return "must be no more than 63 bytes";
        }

        if (name.Contains('.'))
        {
            return "must not contain dots";
        }

        return LabelExpression().IsMatch(name)
            ? null
            : "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an "
              + $"alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '{LabelPattern}')";
    }

    public static string? Subdomain(string name)
    {
        if (name.Length > 253)
        {
            return "must be no more than 253 characters";
        }

        return SubdomainExpression().IsMatch(name)
            ? null
            : "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
              + $"alphanumeric character (e.g. 'example.com', regex used for validation is '{LabelPattern}(\\.{LabelPattern})*')";
    }

    /// <summary>Names that are part of a path only: roles may hold a colon.</summary>
    public static string? PathSegment(string name)
    {
        if (name is "." or "..")
        {
            return $"may not be '{name}'";
        }

        return name.AsSpan().IndexOfAny('/', '%') >= 0 ? $"may not contain '{(name.Contains('/') ? '/' : '%')}'" : null;
    }

    public static string? LabelValue(string value)
    {
        if (value.Length > 63)
        {
            return "must be no more than 63 bytes";
        }

        return LabelValueExpression().IsMatch(value)
            ? null
            : "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
              + "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
              + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
    }

    public static string? QualifiedName(string key)
    {
        var slash = key.IndexOf('/');
        if (slash >= 0 && Subdomain(key[..slash]) is { } problem)
        {
            return $"prefix part {problem}";
        }

        if (key.IndexOf('/', slash + 1) >= 0 && slash >= 0)
        {
            return "a valid label key must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
                + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') "
                + "with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
        }

        var name = key[(slash + 1)..];
        if (name.Length == 0)
        {
            return "name part must be non-empty";
        }

        if (name.Length > 63)
        {
            return "name part must be no more than 63 bytes";
        }

        return QualifiedExpression().IsMatch(name)
            ? null
            : "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character "
              + "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
    }

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?\z")]
    private static partial Regex LabelExpression();

    [GeneratedRegex(@"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\z")]
    private static partial Regex SubdomainExpression();

    [GeneratedRegex(@"^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?\z")]
    private static partial Regex LabelValueExpression();

    [GeneratedRegex(@"^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]\z")]
    private static partial Regex QualifiedExpression();
}
