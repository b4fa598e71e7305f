using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Serialization;

/// <summary>JSON as the Kubernetes API speaks it: camelCase, no nulls, enums as text, RFC 3339 times.</summary>
public static class KubernetesJson
{
    /// <summary>The options of every request and answer.</summary>
    public static JsonSerializerOptions Options { get; } = CreateOptions();

    /// <summary>Writes a value as JSON text.</summary>
    public static string Serialize<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>Reads a value from JSON text.</summary>
    /// <exception cref="JsonException">The text is no JSON, is <c>null</c>, or does not fit the type.</exception>
    public static T Deserialize<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Options) ?? throw new JsonException($"expected a {typeof(T).Name}, found null");

    private static JsonSerializerOptions CreateOptions()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // Bodies are never put into HTML; condition messages stay readable.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = 256,
            Converters = { new JsonStringEnumConverter(), new Rfc3339Converter(), new PooledStringConverter(), new StringMapConverter() },
            TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { IgnoreNullForNonNullable, NameObjectsFirst, FillMetadata } },
        };
        options.MakeReadOnly();
        return options;
    }

    // The API server writes Go's empty lists as null (EndpointSlice.endpoints); a property declared non-null keeps its default.
    private static void IgnoreNullForNonNullable(JsonTypeInfo info)
    {
        var nullability = new NullabilityInfoContext();
        foreach (var property in info.Properties)
        {
            if (property.Set is { } set
                && !property.PropertyType.IsValueType
                && property.AttributeProvider is PropertyInfo member
                && nullability.Create(member).WriteState == NullabilityState.NotNull)
            {
                property.Set = (target, value) =>
                {
                    if (value is not null)
                    {
                        set(target, value);
                    }
                };
            }
        }
    }

    // Every object begins with empty metadata, which would be thrown away for those that were read.
    private static void FillMetadata(JsonTypeInfo info)
    {
        if (info.CreateObject is not null
            && typeof(IKubernetesObject).IsAssignableFrom(info.Type)
            && info.Properties.FirstOrDefault(property => property.PropertyType == typeof(V1ObjectMeta)) is { } metadata)
        {
            metadata.ObjectCreationHandling = JsonObjectCreationHandling.Populate;
        }
    }

    // As everyone writes them; an inherited property would otherwise come last.
    private static void NameObjectsFirst(JsonTypeInfo info)
    {
        if (typeof(IKubernetesObject).IsAssignableFrom(info.Type))
        {
            foreach (var property in info.Properties)
            {
                property.Order = property.Name switch { "apiVersion" => -3, "kind" => -2, "metadata" => -1, _ => 0 };
            }
        }
    }
}
