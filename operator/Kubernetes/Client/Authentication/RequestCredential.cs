using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ModelOperator.Kubernetes.Client.Authentication;

/// <summary>What a request is sent with. No record, because a record prints its members.</summary>
internal sealed class RequestCredential(AuthenticationHeaderValue? authorization, X509Certificate2? clientCertificate = null)
{
    public static RequestCredential None { get; } = new(authorization: null);

    /// <summary>The header, or null.</summary>
    public AuthenticationHeaderValue? Authorization { get; } = authorization;

    /// <summary>The certificate that the connection has to show, or null for the configuration's own.</summary>
    public X509Certificate2? ClientCertificate { get; } = clientCertificate;

    /// <summary>Which one of its source this is; a higher number is newer.</summary>
    public long Sequence { get; init; }

    public static RequestCredential Bearer(string token) => new(new AuthenticationHeaderValue("Bearer", token));

    public static RequestCredential Basic(string username, string? password) =>
        new(new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}"))));

    /// <summary>Whether the server would see the same.</summary>
    public bool IsSameAs(RequestCredential other) =>
        Equals(Authorization, other.Authorization) && ReferenceEquals(ClientCertificate, other.ClientCertificate);

    public RequestCredential WithSequence(long sequence) => new(Authorization, ClientCertificate) { Sequence = sequence };
}
