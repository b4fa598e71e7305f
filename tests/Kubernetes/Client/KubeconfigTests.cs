using System.Security.Cryptography.X509Certificates;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Client.Kubeconfig;
using ModelOperator.Kubernetes.Tests.Fakes;

namespace ModelOperator.Kubernetes.Tests.Client;

internal sealed class KubeconfigTests
{
    private string _directory = null!;

    [SetUp]
    public void CreateDirectory() => _directory = Directory.CreateTempSubdirectory("kubeconfig").FullName;

    [TearDown]
    public void DeleteDirectory() => Directory.Delete(_directory, recursive: true);

    [Test]
    public void The_current_context_gives_server_namespace_and_token()
    {
        var path = Write("config", Config());

        var configuration = KubernetesClientConfiguration.BuildFromConfigFile(path);

        Assert.Multiple(() =>
        {
            Assert.That(configuration.Server, Is.EqualTo(new Uri("https://127.0.0.1:6443/k8s")));
            Assert.That(configuration.Namespace, Is.EqualTo("models"));
            Assert.That(configuration.AccessToken, Is.EqualTo("t0ken"));
            Assert.That(configuration.CertificateAuthorities, Is.Null);
        });
    }

    [Test]
    public void Another_context_can_be_asked_for_and_names_are_case_sensitive()
    {
        var path = Write("config", Config());

        Assert.That(KubernetesClientConfiguration.BuildFromConfigFile(path, "anonymous").AccessToken, Is.Null);
        Assert.That(
            () => KubernetesClientConfiguration.BuildFromConfigFile(path, "Anonymous"),
            Throws.TypeOf<KubernetesConfigurationException>().With.Message.EqualTo($"kubeconfig {path}: contexts has no entry named \"Anonymous\""));
    }

    [Test]
    public void Certificates_come_as_data_or_as_files_beside_the_kubeconfig()
    {
        using var authority = TestCertificates.CreateAuthority("test");
        Write("ca.crt", authority.ExportCertificatePem());
        var asFile = Write("file", Config("certificate-authority: ca.crt"));
        var data = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(authority.ExportCertificatePem()));
        var asData = Write("data", Config($"certificate-authority-data: {data}"));

        foreach (var path in new[] { asFile, asData })
        {
            var authorities = KubernetesClientConfiguration.BuildFromConfigFile(path).CertificateAuthorities;
            Assert.That(authorities?.Single().Thumbprint, Is.EqualTo(authority.Thumbprint));
        }
    }

    [Test]
    public void A_client_certificate_needs_its_key()
    {
        using var authority = TestCertificates.CreateAuthority("test");
        Write("client.crt", authority.ExportCertificatePem());
        Write("client.key", authority.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var whole = Write("whole", Config(user: "client-certificate: client.crt\n    client-key: client.key"));
        var half = Write("half", Config(user: "client-certificate: client.crt"));

        Assert.That(KubernetesClientConfiguration.BuildFromConfigFile(whole).ClientCertificate?.HasPrivateKey, Is.True);
        Assert.That(
            () => KubernetesClientConfiguration.BuildFromConfigFile(half),
            Throws.TypeOf<KubernetesConfigurationException>().With.Message.Contains("users[me].user.client-certificate and client-key need each other"));
    }

    [TestCase("certificate-authority: missing.crt", "clusters[dev].cluster.certificate-authority cannot be read")]
    [TestCase("certificate-authority-data: '%%%'", "clusters[dev].cluster.certificate-authority-data is not base64")]
    [TestCase("certificate-authority-data: aGVsbG8=", "clusters[dev].cluster.certificate-authority holds no PEM certificate")]
    public void A_bad_field_is_named_with_its_file(string field, string fault)
    {
        var path = Write("config", Config(field));

        Assert.That(
            () => KubernetesClientConfiguration.BuildFromConfigFile(path),
            Throws.TypeOf<KubernetesConfigurationException>().With.Message.StartsWith($"kubeconfig {path}: {fault}"));
    }

    [Test]
    public void Broken_yaml_is_told_by_place_and_never_quoted()
    {
        var path = Write("config", "users:\n- name: me\n  user: {token: s3cret\n");

        var error = Assert.Throws<KubernetesConfigurationException>(() => KubernetesClientConfiguration.BuildFromConfigFile(path))!;

        Assert.That(error.Message, Does.Contain($"kubeconfig {path} is not valid at line").And.Not.Contains("s3cret"));
    }

    [Test]
    public void A_missing_file_is_named() =>
        Assert.That(
            () => KubernetesClientConfiguration.BuildFromConfigFile(Path.Combine(_directory, "none")),
            Throws.TypeOf<KubernetesConfigurationException>().With.Message.EndsWith("none does not exist"));

    [Test]
    public void Several_files_merge_and_each_resolves_its_own_paths()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "sub"));
        Write("sub/token", " from-file \n");
        var first = Write("first", "current-context: main\ncontexts: [{name: main, context: {cluster: dev, user: me}}]\n");
        var second = Write(
            "sub/second",
            """
            current-context: other
            clusters: [{name: dev, cluster: {server: "http://127.0.0.1:1"}}]
            users: [{name: me, user: {tokenFile: token}}]
            """);

        var configuration = KubeconfigLoader.LoadList(
            string.Join(Path.PathSeparator, first, Path.Combine(_directory, "missing"), second, first), context: null);

        Assert.That(configuration.TokenFile, Is.EqualTo(Path.Combine(_directory, "sub", "token")));
        Assert.That(new BearerToken(configuration, TimeProvider.System).Current(), Is.EqualTo("from-file"));
    }

    [Test]
    public void An_exec_plugin_is_refused_in_words()
    {
        var path = Write("config", Config(user: "exec: {command: login}"));

        Assert.That(
            () => KubernetesClientConfiguration.BuildFromConfigFile(path),
            Throws.TypeOf<KubernetesConfigurationException>().With.Message.Contains("users[me].user.exec is not supported"));
    }

    private static string Config(string cluster = "extra: 1", string user = "token: t0ken") =>
        $$"""
        apiVersion: v1
        kind: Config
        current-context: main
        clusters:
        - name: dev
          cluster:
            server: https://127.0.0.1:6443/k8s?x=1
            {{cluster}}
        users:
        - name: me
          user:
            {{user}}
        contexts:
        - name: main
          context: {cluster: dev, user: me, namespace: models}
        - name: anonymous
          context: {cluster: dev}
        """;

    private string Write(string name, string content)
    {
        var path = Path.Combine(_directory, name);
        File.WriteAllText(path, content);
        return path;
    }
}
