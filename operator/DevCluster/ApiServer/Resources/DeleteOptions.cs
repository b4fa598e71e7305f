using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Resources;

/// <summary>How a delete is to happen.</summary>
internal sealed record DeleteOptions(long? GracePeriodSeconds, string? PropagationPolicy, string? Uid, string? ResourceVersion)
{
    private static readonly string[] Policies = ["Foreground", "Background", "Orphan"];

    /// <summary>Deletes as a client does that says nothing.</summary>
    public static DeleteOptions Default { get; } = new(null, null, null, null);

    /// <summary>The options of a request: from its body or, without one, from its query.</summary>
    /// <exception cref="ApiException">An option has a value that it cannot have.</exception>
    public static DeleteOptions From(IQueryCollection query, JsonObject? body)
    {
        var grace = long.TryParse(query["gracePeriodSeconds"], out var seconds) ? seconds : body.IntegerAt("gracePeriodSeconds");
        var policy = query["propagationPolicy"].FirstOrDefault() ?? body.StringAt("propagationPolicy");
        var orphan = body.At("orphanDependents") is not null || query.ContainsKey("orphanDependents");
        if (policy is not null && !Policies.Contains(policy))
        {
            throw Invalid(FieldError.NotSupported("propagationPolicy", ValueText.Of(policy), ["\"Foreground\"", "\"Background\"", "\"Orphan\"", "\"nil\""]));
        }

        if (policy is not null && orphan)
        {
            throw Invalid(FieldError.Invalid("propagationPolicy", ValueText.Of(policy), "orphanDependents and deletionPropagation cannot be both set"));
        }

        if (orphan)
        {
            policy = body.BooleanAt("orphanDependents") || query["orphanDependents"] == "true" ? "Orphan" : "Background";
        }

        return new DeleteOptions(grace, policy, body.StringAt("preconditions", "uid"), body.StringAt("preconditions", "resourceVersion"));
    }

    private static ApiException Invalid(FieldError error) => ApiErrors.Invalid("meta.k8s.io", "DeleteOptions", "", [error]);
}
