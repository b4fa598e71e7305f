using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModelOperator.Cli.Hosting;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ModelOperator.Cli.Files;

/// <summary>Reads YAML, or JSON, which is YAML too, as kubectl reads it, and remembers where every field stands.</summary>
internal static partial class YamlText
{
    private const int MostCharacters = 4 * 1024 * 1024;
    private const int MostNodes = 200_000;
    private const int MostDepth = 100;

    /// <summary>The documents of a file; empty ones are left out.</summary>
    /// <param name="path">The file; <c>-</c> is the standard input.</param>
    /// <param name="input">The standard input.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CliException">It cannot be read, or is no YAML.</exception>
    public static async Task<IReadOnlyList<YamlObject>> ReadFileAsync(string path, TextReader input, CancellationToken cancellationToken)
    {
        string text;
        try
        {
            text = path == "-" ? await input.ReadToEndAsync(cancellationToken) : await File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CliException(ExitCode.Usage, failure.Message);
        }

        return text.Length > MostCharacters
            ? throw new CliException(ExitCode.Usage, $"{path} has {text.Length} characters; more than {MostCharacters} are not read")
            : Read(path == "-" ? "stdin" : path, text);
    }

    /// <summary>The documents of a text; empty ones are left out.</summary>
    /// <exception cref="CliException">It is no YAML.</exception>
    public static IReadOnlyList<YamlObject> Read(string file, string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
            return [.. stream.Documents.Where(document => document.RootNode is not YamlScalarNode { Value: null or "" }).Select(document => Convert(file, document))];
        }
        catch (YamlException failure)
        {
            throw new CliException(ExitCode.Usage, $"{file}:{failure.Start.Line}:{failure.Start.Column}: {Failure.Innermost(failure)}");
        }
    }

    private static YamlObject Convert(string file, YamlDocument document)
    {
        var places = new Dictionary<string, (long Line, long Column)>(StringComparer.Ordinal);
        var left = MostNodes;
        return new YamlObject(file, Convert("", document.RootNode, places, ref left, 0), places);
    }

    private static JsonNode? Convert(string path, YamlNode node, Dictionary<string, (long Line, long Column)> places, ref int left, int depth)
    {
        // Aliases can make a small text a huge document.
        if (--left < 0 || depth > MostDepth)
        {
            throw new YamlException(node.Start, node.End, $"more than {MostNodes} fields, or nested deeper than {MostDepth}");
        }

        places.TryAdd(path, (node.Start.Line, node.Start.Column));
        switch (node)
        {
            case YamlMappingNode mapping:
                var members = new JsonObject();
                foreach (var (key, value) in mapping.Children)
                {
                    var name = (key as YamlScalarNode)?.Value ?? throw new YamlException(key.Start, key.End, "a key must be text");
                    var child = Join(path, name);
                    places[child] = (key.Start.Line, key.Start.Column);
                    members[name] = Convert(child, value, places, ref left, depth + 1);
                }

                return members;
            case YamlSequenceNode sequence:
                var items = new JsonArray();
                for (var i = 0; i < sequence.Children.Count; i++)
                {
                    items.Add(Convert($"{path}[{i}]", sequence.Children[i], places, ref left, depth + 1));
                }

                return items;
            default:
                return Scalar((YamlScalarNode)node);
        }
    }

    /// <summary>The path of a member.</summary>
    public static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static JsonValue? Scalar(YamlScalarNode scalar)
    {
        var text = scalar.Value ?? "";
        if (scalar.Style is not (ScalarStyle.Plain or ScalarStyle.Any) || scalar.Tag is { IsEmpty: false, Value: "tag:yaml.org,2002:str" })
        {
            return JsonValue.Create(text);
        }

        // YAML 1.1, as kubectl has it.
        return text switch
        {
            "" or "~" or "null" or "Null" or "NULL" => null,
            "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => JsonValue.Create(true),
            "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => JsonValue.Create(false),
            _ when Whole().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
            _ when Fraction().IsMatch(text) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction) && double.IsFinite(fraction) => JsonValue.Create(fraction),
            _ => JsonValue.Create(text),
        };
    }

    [GeneratedRegex("^[-+]?(0|[1-9][0-9]*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex("^[-+]?([0-9]+\\.[0-9]*|\\.?[0-9]+)([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Fraction();
}
