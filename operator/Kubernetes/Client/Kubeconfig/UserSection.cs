using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ModelOperator.Kubernetes.Client.Kubeconfig;

/// <summary>An entry of <c>users</c>: who asks. One with nothing in it is anonymous.</summary>
internal sealed class UserSection(KubeconfigFile file, string? name, KubeconfigUser user)
{
    public KubernetesClientConfiguration ReadInto(KubernetesClientConfiguration configuration, List<KubeconfigExtension>? clusterExtensions)
    {
        RefuseAuthProvider();
        RefuseSeveralMethods();
        var certificate = FileContent.Of(file, Field("client-certificate"), user.ClientCertificateData, user.ClientCertificate);
        var key = FileContent.Of(file, Field("client-key"), user.ClientKeyData, user.ClientKey);
        var isReloadable = certificate?.Path is not null && key?.Path is not null;
        return configuration with
        {
            ClientCertificate = ClientCertificate(certificate, key),
            ClientCertificateFile = isReloadable ? certificate?.Path : null,
            ClientKeyFile = isReloadable ? key?.Path : null,
            AccessToken = NullIfEmpty(user.Token),
            TokenFile = string.IsNullOrEmpty(user.TokenFile) ? null : file.Resolve(user.TokenFile),
            Username = NullIfEmpty(user.Username),
            Password = NullIfEmpty(user.Password),
            Exec = user.Exec is null ? null : new ExecSection(file, Field("exec"), user.Exec).Read(clusterExtensions),
            Impersonation = Impersonation(),
        };
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    private X509Certificate2? ClientCertificate(FileContent? certificate, FileContent? key)
    {
        if (certificate is null && key is null)
        {
            return null;
        }

        if (certificate is null || key is null)
        {
            throw file.Fault(Field("client-certificate"), "and client-key need each other, one is missing");
        }

        try
        {
            return X509Certificate2.CreateFromPem(certificate.Pem, key.Pem);
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            throw file.Fault(Field("client-certificate"), "and client-key are not a PEM certificate and its key", error);
        }
    }

    private Impersonation? Impersonation()
    {
        var groups = user.AsGroups ?? [];
        var extra = user.AsUserExtra ?? [];
        if (!string.IsNullOrEmpty(user.As))
        {
            var impersonation = new Impersonation(user.As)
            {
                Uid = NullIfEmpty(user.AsUid),
                Groups = groups,
                Extra = extra.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<string>)(pair.Value ?? []), StringComparer.Ordinal),
            };
            return impersonation.Unsendable is { } field
                ? throw file.Fault(Field(field), "has several values, of which only one can be sent")
                : impersonation;
        }

        var orphan = !string.IsNullOrEmpty(user.AsUid) ? "as-uid" : groups.Count > 0 ? "as-groups" : extra.Count > 0 ? "as-user-extra" : null;
        return orphan is null ? null : throw file.Fault(Field(orphan), "needs a user to impersonate in \"as\"");
    }

    private void RefuseAuthProvider()
    {
        if (user.AuthProvider is null)
        {
            return;
        }

        var replacement = user.AuthProvider.Name switch
        {
            "gcp" => "gke-gcloud-auth-plugin",
            "azure" => "kubelogin",
            "oidc" => "kubectl oidc-login",
            _ => "the plug-in of your provider",
        };
        throw file.Fault(Field("auth-provider"), $"\"{user.AuthProvider.Name}\" was removed from Kubernetes: use exec with {replacement}");
    }

    private void RefuseSeveralMethods()
    {
        var hasToken = !string.IsNullOrEmpty(user.Token) || !string.IsNullOrEmpty(user.TokenFile);
        var hasBasic = !string.IsNullOrEmpty(user.Username) || !string.IsNullOrEmpty(user.Password);
        if (hasToken && hasBasic)
        {
            throw file.Fault(Field("username"), "and token exclude each other");
        }

        if (hasBasic && string.IsNullOrEmpty(user.Username))
        {
            throw file.Fault(Field("password"), "needs a username");
        }
    }

    private string Field(string field) => $"users[{name}].user.{field}";
}
