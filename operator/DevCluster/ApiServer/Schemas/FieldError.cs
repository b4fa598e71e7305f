namespace ModelOperator.DevCluster.ApiServer.Schemas;

/// <summary>What is wrong with one field, in Kubernetes' words.</summary>
/// <param name="Reason">The cause's reason, such as <c>FieldValueInvalid</c>.</param>
/// <param name="Field">The field's path, such as <c>spec.replicas</c>.</param>
/// <param name="Message">What is wrong, without the path.</param>
internal sealed record FieldError(string Reason, string Field, string Message)
{
    public static FieldError Required(string field, string detail = "") => new("FieldValueRequired", field, Join("Required value", detail));

    public static FieldError Invalid(string field, string value, string detail) => new("FieldValueInvalid", field, $"Invalid value: {value}: {detail}");

    public static FieldError TypeInvalid(string field, string value, string detail) =>
        new("FieldValueTypeInvalid", field, $"Invalid value: {value}: {detail}");

    public static FieldError NotSupported(string field, string value, IEnumerable<string> supported) =>
        new("FieldValueNotSupported", field, $"Unsupported value: {value}: supported values: {string.Join(", ", supported)}");

    public static FieldError NotFound(string field, string value) => new("FieldValueNotFound", field, $"Not found: {value}");

    public static FieldError Duplicate(string field, string value) => new("FieldValueDuplicate", field, $"Duplicate value: {value}");

    public static FieldError Forbidden(string field, string detail) => new("FieldValueForbidden", field, $"Forbidden: {detail}");

    public static FieldError TooLong(string field, long limit) => new("FieldValueTooLong", field, $"Too long: may not be more than {limit} bytes");

    public static FieldError TooMany(string field, long actual, long limit) =>
        new("FieldValueTooMany", field, $"Too many: {actual}: must have at most {limit} items");

    public override string ToString() => $"{Field}: {Message}";

    private static string Join(string head, string detail) => detail.Length == 0 ? head : $"{head}: {detail}";
}
