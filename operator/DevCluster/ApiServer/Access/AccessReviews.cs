using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Resources;

namespace ModelOperator.DevCluster.ApiServer.Access;

/// <summary>Answers the questions that are asked by creating an object: who am I, may I, may they, whose token is this.</summary>
internal sealed class AccessReviews(IAuthorizer authorizer, RequestAuthenticator authenticator)
{
    /// <summary>Puts the answer into the question's status.</summary>
    public void Answer(WriteRequest request, JsonObject question)
    {
        var user = request.Options.User;
        question["status"] = request.Kind.Kind switch
        {
            "SelfSubjectReview" => new JsonObject { ["userInfo"] = user.ToJson() },
            "TokenReview" => TokenStatus(question),
            "SelfSubjectRulesReview" => Rules(user, question.StringAt("spec", "namespace") ?? ""),
            "SelfSubjectAccessReview" => Access(user, question, request.Namespace),
            _ => Access(Subject(question), question, request.Namespace),
        };
    }

    private JsonObject TokenStatus(JsonObject question)
    {
        string[] audiences = [.. (question.ArrayAt("spec", "audiences") ?? []).Select(value => value.StringOrNull() ?? "")];
        audiences = audiences.Length > 0 ? audiences : [ServiceAccountTokens.DefaultAudience];
        foreach (var audience in audiences)
        {
            if (authenticator.Of(question.StringAt("spec", "token") ?? "", audience) is { } user)
            {
                return new JsonObject { ["authenticated"] = true, ["user"] = user.ToJson(), ["audiences"] = new JsonArray(audience) };
            }
        }

        return new JsonObject { ["user"] = new JsonObject(), ["error"] = "[invalid bearer token]" };
    }

    private JsonObject Rules(UserInfo user, string namespaceName)
    {
        var rules = authorizer.RulesOf(user, namespaceName);
        return new JsonObject
        {
            ["resourceRules"] = new JsonArray([.. rules.Where(rule => rule.Paths.Count == 0).Select(rule => rule.ToJson())]),
            ["nonResourceRules"] = new JsonArray([.. rules.Where(rule => rule.Paths.Count > 0).Select(rule => rule.ToJson())]),
            ["incomplete"] = false,
        };
    }

    private JsonObject Access(UserInfo user, JsonObject question, string? namespaceName)
    {
        var asked = question.ObjectAt("spec", "resourceAttributes");
        var wanted = asked is null
            ? new AccessAttributes(user, question.StringAt("spec", "nonResourceAttributes", "verb") ?? "")
            {
                Path = question.StringAt("spec", "nonResourceAttributes", "path") ?? "",
            }
            : new AccessAttributes(user, asked.StringAt("verb") ?? "")
            {
                Group = asked.StringAt("group") ?? "",
                Resource = asked.StringAt("resource") ?? "",
                Subresource = asked.StringAt("subresource") ?? "",
                Namespace = namespaceName ?? asked.StringAt("namespace") ?? "",
                Name = asked.StringAt("name") ?? "",
            };
        var decision = authorizer.Decide(wanted);
        var status = new JsonObject { ["allowed"] = decision.Allowed };
        if (decision.Reason.Length > 0)
        {
            status["reason"] = decision.Reason;
        }

        return status;
    }

    private static UserInfo Subject(JsonObject question) => new(
        question.StringAt("spec", "user") ?? "",
        question.StringAt("spec", "uid") ?? "",
        [.. (question.ArrayAt("spec", "groups") ?? []).Select(group => group.StringOrNull() ?? "")]);
}
