using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.Access;

/// <summary>Issues and checks the tokens of service accounts: JSON Web Tokens, signed with a key that ends with the server.</summary>
internal sealed class ServiceAccountTokens(ObjectStore store, TimeProvider time) : IDisposable
{
    private const string Issuer = "https://kubernetes.default.svc.cluster.local";
    private static readonly string Header = Encode("""{"alg":"ES256","typ":"JWT"}""");
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    /// <summary>The audience of tokens that ask for none.</summary>
    public static string DefaultAudience => Issuer;

    /// <param name="namespaceName">Where the account is.</param>
    /// <param name="account">Its name.</param>
    /// <param name="uid">Its UID; a later account of the same name does not get its tokens.</param>
    /// <param name="audiences">Whom the token is for.</param>
    /// <param name="expires">When it ends.</param>
    public string Issue(string namespaceName, string account, string uid, IReadOnlyList<string> audiences, DateTimeOffset expires)
    {
        var claims = new JsonObject
        {
            ["aud"] = new JsonArray([.. audiences.Select(audience => JsonValue.Create(audience))]),
            ["exp"] = expires.ToUnixTimeSeconds(),
            ["iat"] = time.GetUtcNow().ToUnixTimeSeconds(),
            ["iss"] = Issuer,
            ["kubernetes.io"] = new JsonObject
            {
                ["namespace"] = namespaceName,
                ["serviceaccount"] = new JsonObject { ["name"] = account, ["uid"] = uid },
            },
            ["sub"] = $"system:serviceaccount:{namespaceName}:{account}",
        };
        var signed = $"{Header}.{Encode(claims.ToJsonString())}";
        return $"{signed}.{Base64Url.EncodeToString(_key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256))}";
    }

    /// <returns>Whose token it is; null when it is none of this server's, has ended, is for someone else, or its account is gone.</returns>
    public UserInfo? Check(string token, string audience)
    {
        if (Claims(token) is not { } claims
            || claims.IntegerAt("exp") is not { } expires || expires <= time.GetUtcNow().ToUnixTimeSeconds()
            || claims.ArrayAt("aud")?.Any(one => one.StringOrNull() == audience) != true)
        {
            return null;
        }

        var (ns, about) = (claims.StringAt("kubernetes.io", "namespace") ?? "", claims.ObjectAt("kubernetes.io", "serviceaccount"));
        var (name, uid) = (about.StringAt("name") ?? "", about.StringAt("uid") ?? "");
        return store.Get("serviceaccounts", new ObjectKey(ns, name))?.Content.Uid() == uid ? UserInfo.ServiceAccount(ns, name, uid) : null;
    }

    public void Dispose() => _key.Dispose();

    private JsonObject? Claims(string token)
    {
        if (token.Split('.') is not [var header, var payload, var signature] || header != Header)
        {
            return null;
        }

        try
        {
            return _key.VerifyData(Encoding.ASCII.GetBytes($"{header}.{payload}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256)
                ? JsonParser.Parse(Base64Url.DecodeFromChars(payload)) as JsonObject
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
