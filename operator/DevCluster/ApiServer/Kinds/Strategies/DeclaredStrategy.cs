using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

/// <summary>A kind whose defaults and rules can be written down as data, each by the path of a field (see <see cref="FieldPath"/>).</summary>
internal class DeclaredStrategy : KindStrategy
{
    /// <summary>The status that an object begins with, as JSON.</summary>
    public string? InitialStatus { get; init; }

    /// <summary>Values, as JSON, of fields that are not given though their parent is.</summary>
    public IReadOnlyList<(string Field, string Json)> Defaults { get; init; } = [];

    /// <summary>Fields that must not be empty, with what to say beside "Required value".</summary>
    public IReadOnlyList<(string Field, string Detail)> Required { get; init; } = [];

    public IReadOnlyList<string> Immutable { get; init; } = [];

    /// <summary>The values that a text field may have.</summary>
    public IReadOnlyList<(string Field, string[] Values)> Supported { get; init; } = [];

    /// <summary>Numbers above zero.</summary>
    public IReadOnlyList<string> Positive { get; init; } = [];

    /// <summary>The least that a number may be.</summary>
    public IReadOnlyList<(string Field, long Least)> AtLeast { get; init; } = [];

    /// <summary>A rule that cannot be written down as data; gets the object and the one that it replaces.</summary>
    public Func<JsonObject, JsonObject?, FieldError?>? Rule { get; init; }

    public override void Default(JsonObject obj)
    {
        foreach (var (field, json) in Defaults)
        {
            foreach (var (parent, name, _) in new FieldPath(field).PlacesIn(obj).ToList())
            {
                parent.SetDefault(name, JsonNode.Parse(json));
            }
        }
    }

    public override void PrepareForCreate(JsonObject obj, StrategyContext context)
    {
        if (InitialStatus is not null)
        {
            obj["status"] = JsonNode.Parse(InitialStatus);
        }
    }

    public override IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old) =>
    [
        .. Required.SelectMany(rule => Errors(obj, [rule.Field], (value, path) => IsEmpty(value) ? FieldError.Required(path, rule.Detail) : null)),
        .. Supported.SelectMany(rule => Errors(obj, [rule.Field], (value, path) => Check(value, path, rule.Values))),
        .. AtLeast.SelectMany(rule => Errors(obj, [rule.Field], (value, path) => Check(value, path, rule.Least))),
        .. Errors(obj, Positive, (value, path) => value.AsInteger() <= 0 ? FieldError.Invalid(path, ValueText.Of(value), "must be greater than 0") : null),
        .. old is null ? [] : Errors(obj, Immutable, (value, path) => JsonNode.DeepEquals(value, At(old, path))
            ? null
            : FieldError.Invalid(path, ValueText.Of(value), "field is immutable")),
        .. Rule?.Invoke(obj, old) is { } error ? (FieldError[])[error] : [],
    ];

    private static IEnumerable<FieldError> Errors(JsonObject obj, IEnumerable<string> fields, Func<JsonNode?, string, FieldError?> check) =>
        from field in fields
        from place in new FieldPath(field).PlacesIn(obj)
        let error = check(place.Parent[place.Name], place.Path)
        where error is not null
        select error;

    private static FieldError? Check(JsonNode? value, string path, string[] values) =>
        value.StringOrNull() is { } text && !values.Contains(text)
            ? FieldError.NotSupported(path, ValueText.Of(value), values.Select(supported => ValueText.Of(supported)))
            : null;

    private static FieldError? Check(JsonNode? value, string path, long least) =>
        value.AsInteger() is { } number && number < least
            ? FieldError.Invalid(path, ValueText.Of(value), $"must be greater than or equal to {least}")
            : null;

    private static JsonNode? At(JsonObject old, string path) => old.At(path.Split('.'));

    private static bool IsEmpty(JsonNode? value) => value switch
    {
        null => true,
        JsonArray list => list.Count == 0,
        JsonObject map => map.Count == 0,
        _ => value.StringOrNull() is "",
    };
}
