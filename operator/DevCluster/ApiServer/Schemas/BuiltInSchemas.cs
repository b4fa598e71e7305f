using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.ApiServer.Schemas;

/// <summary>The types in <c>Kinds/Schemas/*.schema</c>, read once. The format is described at the top of core.schema.</summary>
internal sealed class BuiltInSchemas
{
    private readonly Dictionary<string, Dictionary<string, SchemaNode>> _properties = [];
    private readonly Dictionary<string, List<string>> _required = [];
    private readonly Dictionary<string, SchemaNode> _types = [];

    private BuiltInSchemas()
    {
        var assembly = typeof(BuiltInSchemas).Assembly;
        var fields = new List<(string Type, string Line)>();
        foreach (var resource in assembly.GetManifestResourceNames().Where(name => name.EndsWith(".schema", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(resource)!);
            fields.AddRange(Declare(reader));
        }

        foreach (var (type, line) in fields)
        {
            AddField(type, line.Split(' '));
        }
    }

    public static BuiltInSchemas Instance { get; } = new();

    /// <exception cref="KeyNotFoundException">No such type: a mistake in the kind table.</exception>
    public SchemaNode this[string type] => _types[type];

    /// <summary>The schema of a top-level kind: the type with apiVersion and kind.</summary>
    public SchemaNode Kind(string type)
    {
        var properties = new Dictionary<string, SchemaNode>(_properties[type]) { ["apiVersion"] = Primitive("string")!, ["kind"] = Primitive("string")! };
        return _types[type] with { Properties = properties };
    }

    private List<(string Type, string Line)> Declare(StreamReader reader)
    {
        var fields = new List<(string, string)>();
        var current = "";
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            if (line[0] == ' ')
            {
                fields.Add((current, line.Trim()));
                continue;
            }

            var words = line.Split(' ');
            current = words[0];
            _properties[current] = [];
            _required[current] = [];
            _types[current] = new SchemaNode
            {
                TypeName = current,
                Type = "object",
                Properties = _properties[current],
                Required = _required[current],
                AtomicMap = words.Contains("atomic"),
            };
        }

        return fields;
    }

    private void AddField(string type, string[] words)
    {
        var (name, typeName) = (words[0], words[1]);
        var node = Resolve(typeName);
        foreach (var word in words.Skip(2))
        {
            if (word[0] == '#')
            {
                node = node with { ProtobufPath = word[1..].TrimEnd('*'), ProtobufPointer = word[^1] == '*' };
                continue;
            }

            var (key, value) = word.Split('=', 2) is [var left, var right] ? (left, right) : (word, "");
            switch (key)
            {
                case "required": _required[type].Add(name); break;
                case "set": node = node with { ListType = ListType.Set }; break;
                case "map": node = node with { ListType = ListType.Map, ListMapKeys = value.Split(',') }; break;
                case "atomic": node = node with { AtomicMap = true }; break;
                case "merge": node = node with { PatchMerge = true, PatchMergeKey = value.Length > 0 ? value : null }; break;
                case "default": node = node with { Default = JsonValue.Create(value) }; break;
                case "retainKeys": break;
                default: throw new InvalidDataException($"{type}.{name}: unknown attribute '{word}'");
            }
        }

        _properties[type][name] = node;
    }

    private SchemaNode Resolve(string name)
    {
        if (name.StartsWith("[]", StringComparison.Ordinal))
        {
            return new SchemaNode { Type = "array", Items = Resolve(name[2..]) };
        }

        if (name.StartsWith("{}", StringComparison.Ordinal))
        {
            return new SchemaNode { Type = "object", AdditionalProperties = Resolve(name[2..]) };
        }

        return Primitive(name) ?? (_types.TryGetValue(name, out var type) ? type : throw new InvalidDataException($"unknown type '{name}'"));
    }

    private static SchemaNode? Primitive(string name) => name switch
    {
        "string" or "boolean" => new SchemaNode { Type = name },
        "number" => new SchemaNode { Type = "number", Format = "double" },
        "int32" or "int64" => new SchemaNode { Type = "integer", Format = name },
        "byte" => new SchemaNode { Type = "string", Format = "byte" },
        "time" or "microTime" => new SchemaNode { Type = "string", Format = "date-time", Nullable = true },
        "quantity" => new SchemaNode { Type = "string", Quantity = true },
        "intOrString" => new SchemaNode { IntOrString = true, Format = "int-or-string" },
        "object" => new SchemaNode { Type = "object", PreserveUnknownFields = true },
        "any" => SchemaNode.Any,
        _ => null,
    };
}
