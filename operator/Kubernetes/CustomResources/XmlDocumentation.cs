using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ModelOperator.Kubernetes.CustomResources;

/// <summary>The summaries that the compiler wrote beside an assembly.</summary>
internal sealed partial class XmlDocumentation
{
    private readonly ConcurrentDictionary<Assembly, IReadOnlyDictionary<string, string>> _summaries = new();

    /// <summary>The summary of a type, or null.</summary>
    public string? Of(Type type) =>
        // What a text or a list is needs no telling, and the framework ships no documentation to its users.
        type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true ? null : Find(type.Assembly, $"T:{NameOf(type)}");

    /// <summary>The summary of a property, or null.</summary>
    public string? Of(PropertyInfo property) => Find(property.DeclaringType!.Assembly, $"P:{NameOf(property.DeclaringType)}.{property.Name}");

    private static string NameOf(Type type) =>
        (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName!.Replace('+', '.');

    private static IReadOnlyDictionary<string, string> Load(Assembly assembly)
    {
        var path = Path.ChangeExtension(assembly.Location, ".xml");
        if (!File.Exists(path))
        {
            throw new InvalidOperationException($"{path} does not exist: descriptions come from it, build with GenerateDocumentationFile");
        }

        return XDocument.Load(path)
            .Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => member.Attribute("name")!.Value, member => TextOf(member.Element("summary")!), StringComparer.Ordinal);
    }

    private static string TextOf(XElement element) =>
        Space().Replace(string.Concat(element.Nodes().Select(TextOf)), " ").Trim();

    private static string TextOf(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see when see.Attribute("cref") is { } reference => ReferenceName(reference.Value),
        XElement { Name.LocalName: "see" } see => see.Attribute("langword")?.Value ?? see.Attribute("href")?.Value ?? "",
        XElement element => string.Concat(element.Nodes().Select(TextOf)),
        _ => "",
    };

    // "P:Namespace.Type.Property" is said as the field's name: property.
    private static string ReferenceName(string reference)
    {
        var name = reference[(reference.LastIndexOf('.') + 1)..];
        return reference.StartsWith("P:", StringComparison.Ordinal) ? System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name) : name;
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    private string? Find(Assembly assembly, string member) =>
        _summaries.GetOrAdd(assembly, Load).TryGetValue(member, out var summary) ? summary : null;
}
