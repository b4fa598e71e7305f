using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.CustomResources;

/// <summary>Makes the structural OpenAPI v3 schema of a C# type.</summary>
internal sealed class SchemaGenerator(XmlDocumentation documentation)
{
    private readonly Stack<Type> _path = new();

    /// <summary>The schema of an object with these properties, in order of declaration.</summary>
    /// <exception cref="InvalidOperationException">A type contains itself, or is none that JSON can hold.</exception>
    public JsonObject OfObject(Type type)
    {
        if (type == typeof(V1Condition))
        {
            return ConditionSchema.Create();
        }

        if (type == typeof(V1ResourceRequirements))
        {
            return QuantitySchema.Requirements();
        }

        if (_path.Contains(type))
        {
            throw new InvalidOperationException($"{type.Name} contains itself: a structural schema has an end");
        }

        _path.Push(type);
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var property in PropertiesOf(type))
        {
            var name = NameOf(property);
            properties[name] = OfProperty(property);
            if (property.IsDefined(typeof(RequiredAttribute)))
            {
                required.Add(name);
            }
        }

        _path.Pop();
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        SchemaConstraints.AddRules(schema, type);
        return schema;
    }

    /// <summary>The name a property has in JSON.</summary>
    public static string NameOf(PropertyInfo property) =>
        property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name ?? JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    /// <summary>The properties that the schema tells, in order of declaration.</summary>
    public static IEnumerable<PropertyInfo> PropertiesOf(Type type) => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => !property.IsDefined(typeof(IgnoreAttribute)))
        .OrderBy(property => property.MetadataToken);

    /// <summary>The JSON type of a text, number, bool or time; null for anything else.</summary>
    public static (string Type, string? Format)? ScalarOf(Type type) => Scalar(Nullable.GetUnderlyingType(type) ?? type);

    /// <summary>Whether the schema of a type is told property by property.</summary>
    public static bool IsObject(Type type) => type.IsClass
        && ScalarOf(type) is null
        && type != typeof(IntstrIntOrString)
        && !typeof(JsonNode).IsAssignableFrom(type)
        && !typeof(System.Collections.IEnumerable).IsAssignableFrom(type);

    private static (string Type, string? Format)? Scalar(Type type) => type switch
    {
        _ when type == typeof(string) => ("string", null),
        _ when type == typeof(bool) => ("boolean", null),
        _ when type == typeof(int) => ("integer", "int32"),
        _ when type == typeof(long) => ("integer", "int64"),
        _ when type == typeof(double) || type == typeof(decimal) => ("number", "double"),
        _ when type == typeof(float) => ("number", "float"),
        _ when type == typeof(DateTime) || type == typeof(DateTimeOffset) => ("string", "date-time"),
        _ when type == typeof(byte[]) => ("string", "byte"),
        _ => null,
    };

    private static Type? ElementType(Type type, Type definition, int argument) =>
        type.GetInterfaces().Append(type).FirstOrDefault(candidate => candidate.IsGenericType && candidate.GetGenericTypeDefinition() == definition)
            ?.GetGenericArguments()[argument];

    private JsonObject OfProperty(PropertyInfo property)
    {
        var schema = new JsonObject();
        if ((documentation.Of(property) ?? documentation.Of(property.PropertyType)) is { } description)
        {
            schema["description"] = description;
        }

        // What is kept unvalidated needs no properties, and no rules of theirs.
        var isOpaque = property.IsDefined(typeof(PreserveUnknownFieldsAttribute));
        foreach (var (key, value) in isOpaque ? new JsonObject { ["type"] = "object" } : OfType(property.PropertyType))
        {
            schema[key] = value?.DeepClone();
        }

        SchemaConstraints.Add(schema, property);
        return schema;
    }

    private JsonObject OfType(Type declared)
    {
        var type = Nullable.GetUnderlyingType(declared) ?? declared;
        if (Scalar(type) is var (name, format))
        {
            return format is null ? new JsonObject { ["type"] = name } : new JsonObject { ["type"] = name, ["format"] = format };
        }

        if (type.IsEnum)
        {
            return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. Enum.GetNames(type).Select(value => JsonValue.Create(value))]) };
        }

        if (type == typeof(IntstrIntOrString))
        {
            return new JsonObject
            {
                ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "integer" }, new JsonObject { ["type"] = "string" }),
                ["x-kubernetes-int-or-string"] = true,
            };
        }

        if (typeof(JsonNode).IsAssignableFrom(type))
        {
            return new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true };
        }

        if (ElementType(type, typeof(IDictionary<,>), argument: 1) is { } value)
        {
            return new JsonObject { ["type"] = "object", ["additionalProperties"] = OfType(value) };
        }

        if (ElementType(type, typeof(IEnumerable<>), argument: 0) is { } item)
        {
            return new JsonObject { ["type"] = "array", ["items"] = OfType(item) };
        }

        return type.IsClass
            ? OfObject(type)
            : throw new InvalidOperationException($"{type.FullName} has no place in a schema");
    }
}
