using System.Security.Cryptography;
using System.Text;
using ModelOperator.DevCluster.ApiServer.Http;

namespace ModelOperator.DevCluster.ApiServer.Access;

/// <summary>Finds out who sent a request: the bearer of the cluster's own token, a service account, or someone whom they may impersonate.</summary>
internal sealed class RequestAuthenticator(string token, ServiceAccountTokens tokens, AccessGate gate)
{
    private const string Scheme = "Bearer ";
    private readonly byte[] _token = Encoding.ASCII.GetBytes(token);

    /// <exception cref="ApiException">It is nobody, or someone who may not be whom they ask to be.</exception>
    public UserInfo Authenticate(HttpRequest request) =>
        Bearer(request.Headers.Authorization.ToString()) is { } user ? Impersonated(user, request.Headers) : throw ApiErrors.Unauthorized();

    /// <summary>Whose token it is, for TokenReviews.</summary>
    public UserInfo? Of(string token, string audience) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(token), _token) ? UserInfo.Admin : tokens.Check(token, audience);

    private UserInfo? Bearer(string authorization) => authorization.StartsWith(Scheme, StringComparison.Ordinal)
        ? Of(authorization[Scheme.Length..], ServiceAccountTokens.DefaultAudience)
        : null;

    private UserInfo Impersonated(UserInfo user, IHeaderDictionary headers)
    {
        var name = headers["Impersonate-User"].ToString();
        string[] groups = [.. headers["Impersonate-Group"].Select(group => group ?? "")];
        if (name.Length == 0)
        {
            return groups.Length == 0
                ? user
                : throw ApiErrors.Internal("requested [" + string.Join(' ', groups) + "] without impersonating a user");
        }

        if (name.Split(':') is ["system", "serviceaccount", var ns, var account])
        {
            gate.Require(new AccessAttributes(user, "impersonate") { Resource = "serviceaccounts", Namespace = ns, Name = account });
            groups = groups.Length > 0 ? groups : [.. UserInfo.ServiceAccount(ns, account, "").Groups];
        }
        else
        {
            gate.Require(new AccessAttributes(user, "impersonate") { Resource = "users", Name = name });
        }

        foreach (var group in headers["Impersonate-Group"])
        {
            gate.Require(new AccessAttributes(user, "impersonate") { Resource = "groups", Name = group ?? "" });
        }

        return new UserInfo(name, headers["Impersonate-Uid"].ToString(), [.. groups.Union([UserInfo.Authenticated])]);
    }
}
