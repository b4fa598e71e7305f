using System.Globalization;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.Access;

/// <summary>The <c>token</c> subresource of service accounts.</summary>
internal sealed class TokenRequests(ServiceAccountTokens tokens, TimeProvider time)
{
    private const long MinSeconds = 600;
    private const long DefaultSeconds = 3600;

    /// <summary>Issues what is asked for.</summary>
    /// <exception cref="ApiException">It asks for a token that is too short.</exception>
    public JsonObject Answer(StoredObject account, JsonObject request)
    {
        var seconds = request.IntegerAt("spec", "expirationSeconds") ?? DefaultSeconds;
        if (seconds is < MinSeconds or > uint.MaxValue)
        {
            throw ApiErrors.Invalid("authentication.k8s.io", "TokenRequest", "", [seconds < MinSeconds
                ? FieldError.Invalid("spec.expirationSeconds", $"{seconds}", "may not specify a duration less than 10 minutes")
                : FieldError.Invalid("spec.expirationSeconds", $"{seconds}", "may not specify a duration larger than 2^32 seconds")]);
        }

        string[] audiences = [.. (request.ArrayAt("spec", "audiences") ?? []).Select(audience => audience.StringOrNull() ?? "")];
        audiences = audiences.Length > 0 ? audiences : [ServiceAccountTokens.DefaultAudience];
        var expires = time.GetUtcNow().AddSeconds(seconds);
        var answer = request.Copy();
        var metadata = answer.Metadata();
        metadata["name"] = account.Key.Name;
        metadata["namespace"] = account.Key.Namespace;
        answer["kind"] = "TokenRequest";
        answer["apiVersion"] = "authentication.k8s.io/v1";
        var spec = answer.Ensure("spec");
        spec["audiences"] = new JsonArray([.. audiences.Select(audience => JsonValue.Create(audience))]);
        spec["expirationSeconds"] = seconds;
        answer["status"] = new JsonObject
        {
            ["token"] = tokens.Issue(account.Key.Namespace, account.Key.Name, account.Content.Uid(), audiences, expires),
            ["expirationTimestamp"] = expires.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        };
        return answer;
    }
}
