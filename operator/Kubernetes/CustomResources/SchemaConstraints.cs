using System.Reflection;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Entities.Attributes;

namespace ModelOperator.Kubernetes.CustomResources;

/// <summary>Adds what attributes say about a property to its schema.</summary>
internal static class SchemaConstraints
{
    public static void Add(JsonObject schema, PropertyInfo property)
    {
        AddText(schema["items"] as JsonObject ?? schema, property);
        AddNumbers(schema, property);
        AddCounts(schema, property);
        AddLists(schema, property);
        if (property.GetCustomAttribute<DefaultValueAttribute>() is { } standard)
        {
            schema["default"] = Literal(standard.Value);
        }

        if (property.IsDefined(typeof(PreserveUnknownFieldsAttribute)))
        {
            schema["x-kubernetes-preserve-unknown-fields"] = true;
        }

        if (property.IsDefined(typeof(EmbeddedResourceAttribute)))
        {
            schema["x-kubernetes-embedded-resource"] = true;
        }

        AddText(schema, "x-kubernetes-map-type", property.GetCustomAttribute<XMapTypeAttribute>()?.MapType);
        AddRules(schema, property);
    }

    /// <summary>Adds CEL rules, after those that are there.</summary>
    public static void AddRules(JsonObject schema, MemberInfo member)
    {
        foreach (var attribute in member.GetCustomAttributes<ValidationRuleAttribute>())
        {
            var rule = new JsonObject { ["rule"] = attribute.Rule, ["message"] = attribute.Message };
            AddText(rule, "messageExpression", attribute.MessageExpression);
            AddText(rule, "fieldPath", attribute.FieldPath);
            AddText(rule, "reason", attribute.Reason);

            if (schema["x-kubernetes-validations"] is not JsonArray rules)
            {
                schema["x-kubernetes-validations"] = rules = [];
            }

            rules.Add(rule);
        }
    }

    private static void AddText(JsonObject schema, PropertyInfo property)
    {
        if (property.GetCustomAttribute<FormatAttribute>() is { } format)
        {
            schema["format"] = format.Format;
        }

        if (property.GetCustomAttribute<PatternAttribute>() is { } pattern)
        {
            schema["pattern"] = pattern.Pattern;
        }

        if (property.GetCustomAttribute<EnumValuesAttribute>() is { } values)
        {
            schema["enum"] = new JsonArray([.. values.Values.Select(value => JsonValue.Create(value))]);
        }

        if (property.GetCustomAttribute<LengthAttribute>() is { } length)
        {
            AddBound(schema, "minLength", length.MinLength);
            AddBound(schema, "maxLength", length.MaxLength);
        }
    }

    private static void AddNumbers(JsonObject schema, PropertyInfo property)
    {
        if (property.GetCustomAttribute<RangeMinimumAttribute>() is { } minimum)
        {
            schema["minimum"] = Literal(minimum.Minimum);
            AddFlag(schema, "exclusiveMinimum", minimum.ExclusiveMinimum);
        }

        if (property.GetCustomAttribute<RangeMaximumAttribute>() is { } maximum)
        {
            schema["maximum"] = Literal(maximum.Maximum);
            AddFlag(schema, "exclusiveMaximum", maximum.ExclusiveMaximum);
        }

        if (property.GetCustomAttribute<MultipleOfAttribute>() is { } multiple)
        {
            schema["multipleOf"] = Literal(multiple.Value);
        }
    }

    private static void AddCounts(JsonObject schema, PropertyInfo property)
    {
        if (property.GetCustomAttribute<ItemsAttribute>() is { } items)
        {
            AddBound(schema, "minItems", items.MinItems);
            AddBound(schema, "maxItems", items.MaxItems);
        }

        if (property.GetCustomAttribute<PropertyLimitsAttribute>() is { } limits)
        {
            AddBound(schema, "minProperties", limits.MinProperties);
            AddBound(schema, "maxProperties", limits.MaxProperties);
        }
    }

    private static void AddLists(JsonObject schema, PropertyInfo property)
    {
        if (property.GetCustomAttribute<XListTypeAttribute>() is { } listType)
        {
            schema["x-kubernetes-list-type"] = listType.ListType;
        }

        if (property.GetCustomAttribute<XListMapKeysAttribute>() is not { } map)
        {
            return;
        }

        schema["x-kubernetes-list-type"] = "map";
        schema["x-kubernetes-list-map-keys"] = new JsonArray([.. map.Keys.Select(key => JsonValue.Create(key))]);

        // The API server takes a key only when it is required or has a default.
        var items = schema["items"]?.AsObject()
            ?? throw new InvalidOperationException($"{property.DeclaringType?.Name}.{property.Name} has map keys but is no list");
        var required = items["required"] as JsonArray ?? [];
        foreach (var key in map.Keys.Where(key => !required.Any(name => (string?)name == key) && items["properties"]?[key]?["default"] is null))
        {
            required.Add(key);
        }

        items["required"] = required.Parent is null ? required : required.DeepClone();
    }

    private static void AddText(JsonObject schema, string name, string? text)
    {
        if (text is not null)
        {
            schema[name] = text;
        }
    }

    private static void AddFlag(JsonObject schema, string name, bool flag)
    {
        if (flag)
        {
            schema[name] = true;
        }
    }

    private static void AddBound(JsonObject schema, string name, int bound)
    {
        // A least number of 0 says nothing.
        if (bound > 0 || (bound == 0 && name.StartsWith("max", StringComparison.Ordinal)))
        {
            schema[name] = bound;
        }
    }

    private static JsonValue Literal(object value) => value switch
    {
        string text => JsonValue.Create(text),
        bool flag => JsonValue.Create(flag),
        int number => JsonValue.Create(number),
        long number => JsonValue.Create(number),
        double number when number == Math.Floor(number) && Math.Abs(number) < 1e15 => JsonValue.Create((long)number),
        double number => JsonValue.Create(number),
        _ => throw new InvalidOperationException($"{value} ({value.GetType().Name}) cannot stand in a schema"),
    };
}
