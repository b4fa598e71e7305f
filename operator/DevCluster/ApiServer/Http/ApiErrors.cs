using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Access;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Http;

/// <summary>The errors of the API, worded and coded as kube-apiserver does: clients match on them.</summary>
internal static class ApiErrors
{
    /// <summary>The reason of an error that is told as plain text.</summary>
    public const string PlainText = "text/plain";

    public static ApiException NotFound(ResourceKind kind, string name) =>
        New(404, "NotFound", $"{kind.GroupResource} \"{name}\" not found", Details(kind, name));

    public static ApiException PathNotFound() => New(404, "NotFound", "the server could not find the requested resource", []);

    /// <summary>A path outside everything served: plain text, not a Status.</summary>
    public static ApiException PageNotFound() => New(404, PlainText, "404 page not found");

    public static ApiException AlreadyExists(ResourceKind kind, string name) =>
        New(409, "AlreadyExists", $"{kind.GroupResource} \"{name}\" already exists", Details(kind, name));

    public static ApiException Conflict(ResourceKind kind, string name, string? why = null) => New(
        409,
        "Conflict",
        $"Operation cannot be fulfilled on {kind.GroupResource} \"{name}\": "
        + (why ?? "the object has been modified; please apply your changes to the latest version and try again"),
        Details(kind, name));

    /// <summary>A precondition of a delete that does not hold; unlike others it names the kind.</summary>
    public static ApiException DeleteConflict(ResourceKind kind, string name, string why)
    {
        var details = Details(kind, name);
        details["kind"] = kind.Kind;
        return New(409, "Conflict", $"Operation cannot be fulfilled on {kind.GroupKind} \"{name}\": {why}", details);
    }

    public static ApiException ApplyConflict(string message, JsonArray causes) =>
        New(409, "Conflict", message, new JsonObject { ["causes"] = causes });

    public static ApiException Forbidden(ResourceKind kind, string name, string why) =>
        New(403, "Forbidden", $"{kind.GroupResource} \"{name}\" is forbidden: {why}", Details(kind, name));

    /// <summary>Someone may not do something.</summary>
    public static ApiException Forbidden(AccessAttributes wanted, string why)
    {
        if (wanted.Path is { } path)
        {
            return New(403, "Forbidden", $"forbidden: User \"{wanted.User.Name}\" cannot {wanted.Verb} path \"{path}\"", []);
        }

        var resource = wanted.Group.Length == 0 ? wanted.Resource : $"{wanted.Resource}.{wanted.Group}";
        var about = wanted.Name.Length == 0 ? resource : $"{resource} \"{wanted.Name}\"";
        var place = wanted.Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{wanted.Namespace}\"";
        var details = new JsonObject { ["name"] = wanted.Name, ["group"] = wanted.Group, ["kind"] = wanted.Resource };
        foreach (var name in details.Where(detail => ((string?)detail.Value)!.Length == 0).Select(detail => detail.Key).ToArray())
        {
            details.Remove(name);
        }

        return New(
            403,
            "Forbidden",
            $"{about} is forbidden: User \"{wanted.User.Name}\" cannot {wanted.Verb} resource \"{wanted.FullResource}\" in API group \"{wanted.Group}\" {place}"
            + (why.Length == 0 ? "" : $": {why}"),
            details);
    }

    public static ApiException BadRequest(string message) => New(400, "BadRequest", message);

    public static ApiException Unauthorized() => New(401, "Unauthorized", "Unauthorized");

    public static ApiException MethodNotAllowed() => New(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", []);

    public static ApiException MethodNotAllowed(string message) => New(405, "MethodNotAllowed", message);

    public static ApiException NamespaceTerminating(ResourceKind kind, string name, string ns)
    {
        var details = Details(kind, name);
        details["causes"] = new JsonArray(new JsonObject
        {
            ["reason"] = "NamespaceTerminating",
            ["message"] = $"namespace {ns} is being terminated",
            ["field"] = "metadata.namespace",
        });
        return New(
            403,
            "Forbidden",
            $"{kind.GroupResource} \"{name}\" is forbidden: unable to create new content in namespace {ns} because it is being terminated",
            details);
    }

    public static ApiException NotAcceptable(string types) =>
        New(406, "NotAcceptable", $"only the following media types are accepted: {types}", []);

    /// <summary>A patch of a type that the resource does not take.</summary>
    public static ApiException UnsupportedPatch() => New(415, "UnsupportedMediaType", "415: Unsupported Media Type", []);

    /// <summary>No type of the server's is accepted at all.</summary>
    public static ApiException NotAcceptable() => New(406, "NotAcceptable", "406: Not Acceptable", []);

    public static ApiException UnsupportedMediaType(string types) => New(
        415, "UnsupportedMediaType", $"the body of the request was in an unknown format - accepted media types include: {types}");

    /// <param name="message">What was refused.</param>
    /// <param name="why">The one cause; its reason is always a disruption budget.</param>
    public static ApiException TooManyRequests(string message, string why) => New(429, "TooManyRequests", message, new JsonObject
    {
        ["causes"] = new JsonArray(new JsonObject { ["reason"] = "DisruptionBudget", ["message"] = why }),
    });

    public static ApiException TooLarge(long limit) => New(413, "RequestEntityTooLarge", $"Request entity too large: limit is {limit}");

    public static ApiException Expired(string message) => New(410, "Expired", message);

    public static ApiException RevisionInFuture(long asked, long current)
    {
        var error = New(
            504,
            "Timeout",
            $"Timeout: Too large resource version: {asked}, current: {current}",
            new JsonObject
            {
                ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ResourceVersionTooLarge", ["message"] = "Too large resource version" }),
                ["retryAfterSeconds"] = 1L,
            });
        return error;
    }

    /// <summary>A patch that cannot be applied; kube-apiserver keeps to itself why.</summary>
    public static ApiException PatchRejected() => New(422, "Invalid", "the server rejected our request due to an error in our request", []);

    /// <summary>A patch whose result is not an object of its kind.</summary>
    public static ApiException PatchInvalid(string patch, string problem) =>
        Invalid("", "", "", [FieldError.Invalid("patch", ValueText.Of(patch), problem)]);

    /// <summary>An error with kube-apiserver's own preamble and reason.</summary>
    public static ApiException InternalError(string message) => New(
        500,
        "InternalError",
        $"Internal error occurred: {message}",
        new JsonObject { ["causes"] = new JsonArray(new JsonObject { ["message"] = message }) });

    public static ApiException Internal(string message) => New(500, "", message);

    public static ApiException Invalid(ResourceKind kind, string name, IReadOnlyList<FieldError> errors) =>
        Invalid(kind.Group, kind.Kind, name, errors);

    public static ApiException Invalid(string group, string kind, string name, IReadOnlyList<FieldError> errors)
    {
        var causes = new JsonArray();
        foreach (var error in errors)
        {
            causes.Add(new JsonObject { ["reason"] = error.Reason, ["message"] = error.Message, ["field"] = error.Field });
        }

        var details = new JsonObject { ["name"] = name, ["group"] = group, ["kind"] = kind, ["causes"] = causes };
        if (group.Length == 0)
        {
            details.Remove("group");
        }

        if (name.Length == 0)
        {
            details.Remove("name");
        }

        if (kind.Length == 0)
        {
            details.Remove("kind");
        }

        var text = errors.Count == 1 ? errors[0].ToString() : $"[{string.Join(", ", errors)}]";
        var groupKind = group.Length == 0 ? kind : $"{kind}.{group}";
        return New(422, "Invalid", $"{groupKind} \"{name}\" is invalid: {text}", details);
    }

    private static JsonObject Details(ResourceKind kind, string name)
    {
        var details = new JsonObject { ["name"] = name };
        if (kind.Group.Length > 0)
        {
            details["group"] = kind.Group;
        }

        details["kind"] = kind.Plural;
        return details;
    }

    private static ApiException New(int code, string reason, string message, JsonObject? details = null)
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = message,
        };
        if (reason.Length > 0)
        {
            status["reason"] = reason;
        }

        if (details is not null)
        {
            status["details"] = details;
        }

        status["code"] = code;
        return new ApiException(status);
    }
}
