using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;

namespace ModelOperator.DevCluster.ApiServer.Admission;

/// <summary>The AdmissionReview (admission.k8s.io/v1) that a webhook gets and answers.</summary>
internal static class AdmissionReview
{
    /// <summary>The <c>request</c> of a review.</summary>
    public static JsonObject Request(AdmissionRequest request)
    {
        var (write, kind) = (request.Write, request.Write.Kind);
        var name = write.Name ?? request.Object?.Name() ?? "";
        var result = new JsonObject
        {
            ["uid"] = Guid.NewGuid().ToString(),
            ["kind"] = new JsonObject { ["group"] = kind.Group, ["version"] = kind.Version, ["kind"] = kind.Kind },
            ["resource"] = Resource(kind),
            ["requestKind"] = new JsonObject { ["group"] = kind.Group, ["version"] = kind.Version, ["kind"] = kind.Kind },
            ["requestResource"] = Resource(kind),
        };
        if (write.Subresource.Length > 0)
        {
            result["subResource"] = write.Subresource;
            result["requestSubResource"] = write.Subresource;
        }

        if (name.Length > 0)
        {
            result["name"] = name;
        }

        if (write.Namespace is { } ns)
        {
            result["namespace"] = ns;
        }

        result["operation"] = request.Operation.ToString().ToUpperInvariant();
        result["userInfo"] = write.Options.User.ToJson();
        result["object"] = request.Object?.DeepClone();
        result["oldObject"] = request.OldObject?.DeepClone();
        result["dryRun"] = write.Options.DryRun;
        result["options"] = new JsonObject { ["kind"] = $"{request.Operation}Options", ["apiVersion"] = "meta.k8s.io/v1" };
        return result;
    }

    public static JsonObject Of(JsonObject request) =>
        new() { ["kind"] = "AdmissionReview", ["apiVersion"] = "admission.k8s.io/v1", ["request"] = request };

    /// <summary>The error that a refusal becomes.</summary>
    public static ApiException Denied(string webhook, JsonObject? status)
    {
        var result = status?.Copy() ?? [];
        var denied = $"admission webhook \"{webhook}\" denied the request";
        var why = result.StringAt("message") is { Length: > 0 } message ? message : result.StringAt("reason");
        result["kind"] = "Status";
        result["apiVersion"] = "v1";
        result.Ensure("metadata");
        result["status"] = "Failure";
        result["message"] = string.IsNullOrEmpty(why) ? $"{denied} without explanation" : $"{denied}: {why}";
        if ((result.IntegerAt("code") ?? 0) < 400)
        {
            result["code"] = 400L;
        }

        return new ApiException(result);
    }

    private static JsonObject Resource(ResourceKind kind) => new() { ["group"] = kind.Group, ["version"] = kind.Version, ["resource"] = kind.Plural };
}
