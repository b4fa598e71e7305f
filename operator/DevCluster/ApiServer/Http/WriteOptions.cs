using Microsoft.AspNetCore.Http.Features;
using ModelOperator.DevCluster.ApiServer.Access;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Http;

/// <summary>The query parameters of a write.</summary>
/// <param name="FieldManager">Who owns the fields this request sets.</param>
/// <param name="Force">Server-side apply takes fields from other managers.</param>
/// <param name="DryRun">Do everything but store the result.</param>
/// <param name="FieldValidation">What to do about unknown and duplicate fields.</param>
/// <param name="Warnings">What to tell the client beside the answer.</param>
/// <param name="User">Who writes.</param>
internal sealed record WriteOptions(string FieldManager, bool Force, bool DryRun, FieldValidation FieldValidation, List<string> Warnings, UserInfo User)
{
    /// <summary>What the server itself writes.</summary>
    public static WriteOptions Internal => new("kube-apiserver", false, false, FieldValidation.Strict, [], UserInfo.ApiServer);

    /// <exception cref="ApiException">A parameter has a value that it cannot have.</exception>
    public static WriteOptions From(HttpRequest request, bool isApply = false)
    {
        var query = request.Query;
        var kind = request.Method switch { "POST" => "CreateOptions", "PUT" => "UpdateOptions", "PATCH" => "PatchOptions", _ => "DeleteOptions" };
        var errors = new List<FieldError>();
        var dryRun = query["dryRun"].Where(value => !string.IsNullOrEmpty(value)).ToArray();
        if (dryRun.Any(value => value != "All"))
        {
            errors.Add(FieldError.NotSupported("dryRun", $"[\"{dryRun[0]}\"]", ["\"All\""]));
        }

        if (!Enum.TryParse<FieldValidation>(query["fieldValidation"].FirstOrDefault() ?? "Warn", out var validation))
        {
            errors.Add(FieldError.NotSupported("fieldValidation", $"\"{query["fieldValidation"]}\"", ["\"\"", "\"Ignore\"", "\"Strict\"", "\"Warn\""]));
        }

        var manager = query["fieldManager"].FirstOrDefault() ?? "";
        if (isApply && manager.Length == 0)
        {
            errors.Add(FieldError.Required("fieldManager", "is required for apply patch"));
        }

        if (!isApply && query.ContainsKey("force") && kind == "PatchOptions")
        {
            errors.Add(FieldError.Forbidden("force", "may not be specified for non-apply patch"));
        }

        if (manager.Length > 128)
        {
            errors.Add(FieldError.TooLong("fieldManager", 128));
        }

        if (errors.Count > 0)
        {
            throw ApiErrors.Invalid("meta.k8s.io", kind, "", errors);
        }

        if (manager.Length == 0)
        {
            manager = request.Headers.UserAgent.ToString().Split('/', ' ')[0];
        }

        var user = request.HttpContext.Features.GetRequiredFeature<UserInfo>();
        return new WriteOptions(manager, query["force"] == "true" || query["force"] == "1", dryRun.Length > 0, validation, [], user);
    }
}
