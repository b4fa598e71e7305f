using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.Cel.Validation;

namespace ModelOperator.DevCluster.ApiServer.Validation;

/// <summary>Checks a value against a structural schema and says what is wrong in the words of Kubernetes' own validator.</summary>
internal static class SchemaValidator
{
    /// <param name="value">The object.</param>
    /// <param name="old">The object before the update; null at creation.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="ruleSchema">The schema as written, when it has CEL rules.</param>
    public static List<FieldError> Check(JsonNode value, JsonNode? old, SchemaNode schema, JsonObject? ruleSchema)
    {
        var errors = new List<FieldError>();
        Visit(value, schema, "", errors);
        // Rules may assume that the value has the shape of the schema.
        if (errors.Count == 0 && ruleSchema is not null)
        {
            errors.AddRange(ValidationRules.Check(ruleSchema, value, old, "").Select(ToError));
        }

        return errors;
    }

    private static void Visit(JsonNode? value, SchemaNode schema, string path, List<FieldError> errors)
    {
        if (value is null)
        {
            if (schema is { Nullable: false, Type: { } type })
            {
                errors.Add(FieldError.TypeInvalid(path, "\"null\"", $"{In(path)} must be of type {type}: \"null\""));
            }

            return;
        }

        if (!HasType(value, schema, out var given))
        {
            errors.Add(FieldError.TypeInvalid(path, $"\"{given}\"", $"{In(path)} must be of type {schema.Type ?? "integer,string"}: \"{given}\""));
            return;
        }

        if (schema.Constraints is { } constraints)
        {
            CheckConstraints(value, constraints, path, errors);
        }

        switch (value)
        {
            case JsonObject map:
                VisitMap(map, schema, path, errors);
                break;
            case JsonArray list:
                VisitList(list, schema, path, errors);
                break;
            case JsonValue when schema.Format is { } format && value.StringOrNull() is { } text && !HasFormat(text, format):
                errors.Add(FieldError.Invalid(path, ValueText.Of(value), $"{In(path)} must be of type {format}: {ValueText.Of(value)}"));
                break;
        }
    }

    private static void VisitMap(JsonObject map, SchemaNode schema, string path, List<FieldError> errors)
    {
        foreach (var name in schema.Required)
        {
            if (!map.ContainsKey(name))
            {
                errors.Add(FieldError.Required(Join(path, name)));
            }
        }

        foreach (var (name, child) in map)
        {
            if (path.Length == 0 && name is "apiVersion" or "kind" or "metadata")
            {
                continue;
            }

            if (schema.Field(name) is { } field)
            {
                Visit(child, field, Join(path, name), errors);
            }
        }
    }

    private static void VisitList(JsonArray list, SchemaNode schema, string path, List<FieldError> errors)
    {
        for (var i = 0; i < list.Count && schema.Items is not null; i++)
        {
            Visit(list[i], schema.Items, $"{path}[{i}]", errors);
        }

        if (schema.ListType == ListType.Atomic)
        {
            return;
        }

        var seen = new HashSet<string>();
        for (var i = 0; i < list.Count; i++)
        {
            var key = schema.ListType == ListType.Set ? list[i] : Keys(list[i], schema);
            if (!seen.Add(ValueText.Of(key)))
            {
                errors.Add(FieldError.Duplicate($"{path}[{i}]", ValueText.Of(key)));
            }
        }
    }

    private static JsonObject Keys(JsonNode? item, SchemaNode schema)
    {
        var keys = new JsonObject();
        foreach (var name in schema.ListMapKeys)
        {
            keys[name] = (item.At(name) ?? schema.Items?.Field(name)?.Default)?.DeepClone();
        }

        return keys;
    }

    private static void CheckConstraints(JsonNode value, ValueConstraints rule, string path, List<FieldError> errors)
    {
        void Fail(string what) => errors.Add(FieldError.Invalid(path, ValueText.Of(value), $"{In(path)} {what}"));

        if (rule.Enum.Count > 0 && !rule.Enum.Any(allowed => JsonNode.DeepEquals(allowed, value)))
        {
            errors.Add(FieldError.NotSupported(path, ValueText.Of(value), rule.Enum.Select(ValueText.Of)));
        }

        if (value.AsNumber() is { } number)
        {
            if (rule.Minimum is { } min && (rule.ExclusiveMinimum ? number <= min : number < min))
            {
                Fail(rule.ExclusiveMinimum ? $"should be greater than {min}" : $"should be greater than or equal to {min}");
            }

            if (rule.Maximum is { } max && (rule.ExclusiveMaximum ? number >= max : number > max))
            {
                Fail(rule.ExclusiveMaximum ? $"should be less than {max}" : $"should be less than or equal to {max}");
            }

            if (rule.MultipleOf is { } step && Math.Abs(Math.IEEERemainder(number, step)) > 1e-9)
            {
                Fail($"should be a multiple of {step}");
            }
        }
        else if (value.StringOrNull() is { } text)
        {
            var length = new StringInfo(text).LengthInTextElements;
            if (length > rule.MaxLength)
            {
                errors.Add(FieldError.TooLong(path, rule.MaxLength.Value));
            }

            if (length < rule.MinLength)
            {
                Fail($"should be at least {rule.MinLength} chars long");
            }

            if (rule.Pattern is { } pattern && !IsMatch(pattern, text))
            {
                Fail($"should match '{rule.PatternText}'");
            }
        }
        else if (value is JsonArray list)
        {
            if (list.Count > rule.MaxItems)
            {
                errors.Add(FieldError.TooMany(path, list.Count, rule.MaxItems.Value));
            }

            if (list.Count < rule.MinItems)
            {
                errors.Add(FieldError.Invalid(path, $"{list.Count}", $"{In(path)} should have at least {rule.MinItems} items"));
            }

            if (rule.UniqueItems && list.Select(ValueText.Of).Distinct().Count() < list.Count)
            {
                Fail("shouldn't contain duplicates");
            }
        }
        else if (value is JsonObject map)
        {
            if (map.Count > rule.MaxProperties)
            {
                errors.Add(FieldError.TooMany(path, map.Count, rule.MaxProperties.Value));
            }

            if (map.Count < rule.MinProperties)
            {
                Fail($"should have at least {rule.MinProperties} properties");
            }
        }

        CheckAlternatives(value, rule, path, errors, Fail);
    }

    private static void CheckAlternatives(JsonNode value, ValueConstraints rule, string path, List<FieldError> errors, Action<string> fail)
    {
        bool Fits(SchemaNode schema)
        {
            var inner = new List<FieldError>();
            Visit(value, schema, path, inner);
            return inner.Count == 0;
        }

        foreach (var schema in rule.AllOf)
        {
            Visit(value, schema, path, errors);
        }

        if (rule.AnyOf.Count > 0 && !rule.AnyOf.Any(Fits))
        {
            fail("must validate at least one schema (anyOf)");
        }

        if (rule.OneOf.Count > 0 && rule.OneOf.Count(Fits) is var fitting and not 1)
        {
            var found = fitting == 0 ? "Found none valid" : $"Found {fitting} valid alternatives";
            errors.Add(FieldError.Invalid("<nil>", "\"\"", $"\"{path}\" must validate one and only one schema (oneOf). {found}"));
        }

        if (rule.Not is { } not && Fits(not))
        {
            fail("must not validate the schema (not)");
        }
    }

    private static FieldError ToError(RuleViolation violation) => violation.Reason switch
    {
        "FieldValueRequired" => FieldError.Required(violation.Path, violation.Message),
        "FieldValueForbidden" => FieldError.Forbidden(violation.Path, violation.Message),
        "FieldValueDuplicate" => FieldError.Duplicate(violation.Path, ValueText.Of(violation.Value)),
        _ when violation.Value is null => new FieldError("FieldValueInvalid", violation.Path, $"Invalid value: {violation.Message}"),
        _ => FieldError.Invalid(violation.Path, ValueText.Of(violation.Value), violation.Message),
    };

    private static bool HasType(JsonNode value, SchemaNode schema, out string given)
    {
        var kind = value.GetValueKind();
        given = kind switch
        {
            JsonValueKind.Object => "object",
            JsonValueKind.Array => "array",
            JsonValueKind.String => "string",
            JsonValueKind.Number => value.AsInteger() is null ? "number" : "integer",
            _ => "boolean",
        };
        if (schema.IntOrString)
        {
            return given is "integer" or "string";
        }

        return schema.Type is null || schema.Type == given || (schema.Type == "number" && given == "integer");
    }

    private static bool HasFormat(string text, string format) => format switch
    {
        "date-time" => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _) && text.Contains('T'),
        "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", out _),
        "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
        "byte" => Convert.TryFromBase64String(text, new byte[text.Length], out _),
        "uuid" => Guid.TryParse(text, out _),
        "ipv4" => System.Net.IPAddress.TryParse(text, out var address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork,
        "hostname" => NameRules.Subdomain(text.ToLowerInvariant()) is null,
        _ => true,
    };

    private static bool IsMatch(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static string In(string path) => $"{path} in body";

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
