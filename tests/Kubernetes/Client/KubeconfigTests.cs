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
    }

    [Test]
    public void A_missing_file_of_the_list_is_passed_over_with_a_warning_and_a_repeated_one_is_read_once()
    {
        var path = Write("config", Config());
        var missing = Path.Combine(_directory, "missing");

        var configuration = KubeconfigLoader.LoadList(string.Join(Path.PathSeparator, missing, path, missing, path), context: null);

        Assert.That(Warnings(configuration), Is.EqualTo(new[] { $"kubeconfig {missing}, named by KUBECONFIG, does not exist" }));
    }

    [Test]
    public void A_list_with_no_file_that_exists_is_an_error() =>
        Assert.That(
            () => KubeconfigLoader.LoadList(Path.Combine(_directory, "none"), context: null),
            Throws.TypeOf<KubernetesConfigurationException>().With.Message.StartsWith("KUBECONFIG names no file that exists"));

    [Test]
    public void The_first_file_with_an_entry_wins_and_entries_are_not_mixed()
    {
        var first = Write("first", "users: [{name: me, user: {token: first}}]\n");
        var second = Write("second", Config(user: "username: u\n    password: p"));

        var configuration = KubeconfigLoader.LoadList($"{first}{Path.PathSeparator}{second}", context: null);

        Assert.That((configuration.AccessToken, configuration.Username), Is.EqualTo(("first", (string?)null)));
    }

    [Test]
    public void Names_that_differ_in_case_are_two_names()
    {
        var path = Write(
            "config",
            """
            current-context: dev
            clusters: [{name: dev, cluster: {server: "http://127.0.0.1:1"}}, {name: DEV, cluster: {server: "http://127.0.0.1:2"}}]
            contexts: [{name: dev, context: {cluster: dev}}, {name: DEV, context: {cluster: DEV}}]
            """);

        Assert.That(KubernetesClientConfiguration.BuildFromConfigFile(path).Server.Port, Is.EqualTo(1));
        Assert.That(KubernetesClientConfiguration.BuildFromConfigFile(path, "DEV").Server.Port, Is.EqualTo(2));
    }

    [Test]
    public void A_user_with_no_credential_is_anonymous()
    {
        var configuration = KubernetesClientConfiguration.BuildFromConfigFile(Write("config", Config(user: "extra: 1")));

        Assert.That(configuration, Has.Property("AccessToken").Null.And.Property("ClientCertificate").Null.And.Property("Exec").Null);
    }

    [TestCase("http://0.0.0.0:8080/x/y?z=1#f", "http://0.0.0.0:8080/x/y")]
    [TestCase("https://[::]:6443", "https://[::]:6443/")]
    public void The_servers_address_is_kept_but_for_query_and_fragment(string written, string read)
    {
        var path = Write("config", Config().Replace("https://127.0.0.1:6443/k8s?x=1", $"\"{written}\"", StringComparison.Ordinal));

        Assert.That(KubernetesClientConfiguration.BuildFromConfigFile(path).Server.AbsoluteUri, Is.EqualTo(read));
    }

    [Test]
    public void All_of_a_cluster_is_read()
    {
        var path = Write("config", Config("tls-server-name: api.internal\n    proxy-url: socks5://u:p@127.0.0.1:1080\n    disable-compression: true"));

        var configuration = KubernetesClientConfiguration.BuildFromConfigFile(path);

        Assert.Multiple(() =>
        {
            Assert.That(configuration.TlsServerName, Is.EqualTo("api.internal"));
            Assert.That(configuration.Proxy, Is.EqualTo(new Uri("socks5://u:p@127.0.0.1:1080")));
            Assert.That(configuration.DisableCompression, Is.True);
        });
    }

    [Test]
    public void Insecure_is_warned_of_once_and_excludes_a_certificate_authority()
    {
        var insecure = KubernetesClientConfiguration.BuildFromConfigFile(Write("config", Config("insecure-skip-tls-verify: true")));

        Assert.That(insecure.SkipTlsVerify, Is.True);
        Assert.That(Warnings(insecure), Has.Exactly(1).Contains("clusters[dev].cluster.insecure-skip-tls-verify is true"));
        Assert.That(Warnings(insecure.For("second-client")), Is.Empty);
        AssertFault(
            Config("insecure-skip-tls-verify: true\n    certificate-authority-data: aGVsbG8="),
            "clusters[dev].cluster.insecure-skip-tls-verify and certificate-authority exclude each other");
    }

    [Test]
    public void All_of_an_impersonation_is_read()
    {
        var path = Write(
            "config", Config(user: "as: jane\n    as-uid: u-1\n    as-groups: [dev]\n    as-user-extra: {scopes: [view], note: [x]}"));

        var impersonation = KubernetesClientConfiguration.BuildFromConfigFile(path).Impersonation!;

        Assert.Multiple(() =>
        {
            Assert.That((impersonation.UserName, impersonation.Uid), Is.EqualTo(("jane", "u-1")));
            Assert.That(impersonation.Groups, Is.EqualTo(new[] { "dev" }));
            Assert.That(impersonation.Extra["scopes"], Is.EqualTo(new[] { "view" }));
            Assert.That(impersonation.Extra["note"], Is.EqualTo(new[] { "x" }));
        });
    }

    [Test]
    public void Data_goes_before_files()
    {
        using var authority = TestCertificates.CreateAuthority("test");
        var data = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(authority.ExportCertificatePem()));

        var configuration = KubernetesClientConfiguration.BuildFromConfigFile(
            Write("config", Config($"certificate-authority: missing.crt\n    certificate-authority-data: {data}")));

        Assert.That(configuration.CertificateAuthorities, Has.Count.EqualTo(1));
        Assert.That(configuration.CertificateAuthorityFile, Is.Null);
    }

    [Test]
    public void All_of_an_exec_plugin_is_read_and_a_path_is_the_kubeconfigs_own()
    {
        var path = Write(
            "config",
            Config(
                "extensions: [{name: client.authentication.k8s.io/exec, extension: {audience: models, level: 3}}]",
                "exec: {apiVersion: client.authentication.k8s.io/v1, command: bin/login, args: [\"a b\", c], env: [{name: X, value: y}], "
                    + "provideClusterInfo: true, interactiveMode: Never, installHint: get it}"));

        var exec = KubernetesClientConfiguration.BuildFromConfigFile(path).Exec!;

        Assert.Multiple(() =>
        {
            Assert.That(exec.Command, Is.EqualTo(Path.Combine(_directory, "bin", "login")));
            Assert.That(exec.Arguments, Is.EqualTo(new[] { "a b", "c" }));
            Assert.That(exec.Environment["X"], Is.EqualTo("y"));
            Assert.That(exec.ProvideClusterInfo, Is.True);
            Assert.That(exec.InteractiveMode, Is.EqualTo(ExecInteractiveMode.Never));
            Assert.That(exec.InstallHint, Is.EqualTo("get it"));
            Assert.That(exec.ClusterConfig!.ToJsonString(), Is.EqualTo("""{"audience":"models","level":3}"""));
        });
    }

    [TestCase("exec: {apiVersion: client.authentication.k8s.io/v1, interactiveMode: Never}", "users[me].user.exec.command is missing")]
    [TestCase("exec: {command: login}", "users[me].user.exec.apiVersion is not one of client.authentication.k8s.io/v1, client.authentication.k8s.io/v1beta1")]
    [TestCase("exec: {command: login, apiVersion: client.authentication.k8s.io/v1alpha1}", "users[me].user.exec.apiVersion is not one of")]
    [TestCase("exec: {command: login, apiVersion: client.authentication.k8s.io/v1}", "users[me].user.exec.interactiveMode is missing")]
    [TestCase(
        "exec: {command: login, apiVersion: client.authentication.k8s.io/v1, interactiveMode: Sometimes}",
        "users[me].user.exec.interactiveMode is not Never, IfAvailable or Always")]
    [TestCase(
        "exec: {command: login, apiVersion: client.authentication.k8s.io/v1beta1, env: [{value: x}]}", "users[me].user.exec.env has an entry without a name")]
    [TestCase("auth-provider: {name: gcp}", "users[me].user.auth-provider \"gcp\" was removed from Kubernetes: use exec with gke-gcloud-auth-plugin")]
    [TestCase("auth-provider: {name: azure}", "users[me].user.auth-provider \"azure\" was removed from Kubernetes: use exec with kubelogin")]
    [TestCase("as-groups: [dev]", "users[me].user.as-groups needs a user to impersonate in \"as\"")]
    [TestCase("as-uid: u", "users[me].user.as-uid needs a user to impersonate in \"as\"")]
    [TestCase("as-user-extra: {a: [b]}", "users[me].user.as-user-extra needs a user to impersonate in \"as\"")]
    [TestCase("as: jane\n    as-groups: [a, b]", "users[me].user.as-groups has several values, of which only one can be sent")]
    [TestCase("as: jane\n    as-user-extra: {a: [b, c]}", "users[me].user.as-user-extra has several values, of which only one can be sent")]
    [TestCase("token: t\n    username: u", "users[me].user.username and token exclude each other")]
    [TestCase("password: p", "users[me].user.password needs a username")]
    [TestCase("client-key: missing.key", "users[me].user.client-key cannot be read")]
    public void A_bad_user_is_one_sentence_with_file_and_field(string user, string fault) => AssertFault(Config(user: user), fault);

    [TestCase("proxy-url: ftp://u:s3cret@127.0.0.1", "clusters[dev].cluster.proxy-url is not an http, https or socks5 address")]
    [TestCase("proxy-url: nowhere", "clusters[dev].cluster.proxy-url is not an http, https or socks5 address")]
    public void A_bad_proxy_is_told_without_its_password(string cluster, string fault) => AssertFault(Config(cluster), fault);

    [TestCase("server: https://127.0.0.1:6443/k8s?x=1", "server: nowhere", "clusters[dev].cluster.server is not an http or https address")]
    [TestCase("server: https://127.0.0.1:6443/k8s?x=1", "a: b", "clusters[dev].cluster.server is missing")]
    [TestCase("{cluster: dev, user: me, namespace: models}", "{user: me}", "contexts[main].context.cluster is missing")]
    [TestCase("{cluster: dev, user: me, namespace: models}", "{cluster: dev, user: you}", "users has no entry named \"you\"")]
    [TestCase("current-context: main", "current-context: other", "contexts has no entry named \"other\"")]
    [TestCase("kind: Config", "kind: Deployment", "kind is not Config")]
    public void A_bad_file_is_one_sentence_with_file_and_field(string was, string now, string fault) =>
        AssertFault(Config().Replace(was, now, StringComparison.Ordinal), fault);

    [TestCase("- a\n- b\n")]
    [TestCase("clusters: 7\n")]
    [TestCase("users: [[1]]\n")]
    [TestCase("\u0001\u0002")]
    [TestCase("contexts: [null]\ncurrent-context: main\n")]
    [TestCase("contexts: [{name: main, context: {cluster: &a [*a]}}]\n")]
    public void Garbage_is_one_sentence_that_names_the_file(string garbage)
    {
        var path = Write("config", garbage);

        Assert.That(
            () => KubernetesClientConfiguration.BuildFromConfigFile(path),
            Throws.TypeOf<KubernetesConfigurationException>().With.Message.StartsWith($"kubeconfig {path}").And.Message.Not.Contains("\n"));
    }

    [TestCase("10.0.0.1", "443", "https://10.0.0.1/")]
    [TestCase("fd00::1", "6443", "https://[fd00::1]:6443/")]
    public void A_pods_service_account_gives_address_authority_token_and_namespace(string host, string port, string address)
    {
        using var authority = TestCertificates.CreateAuthority("test");
        Write("ca.crt", authority.ExportCertificatePem());
        Write("token", "t0ken\n");
        Write("namespace", " models \n");

        var configuration = InClusterConfiguration.Load(host, port, _directory);

        Assert.Multiple(() =>
        {
            Assert.That(configuration.Server.AbsoluteUri, Is.EqualTo(address));
            Assert.That(configuration.Namespace, Is.EqualTo("models"));
            Assert.That(configuration.TokenFile, Is.EqualTo(Path.Combine(_directory, "token")));
            Assert.That(configuration.CertificateAuthorityFile, Is.EqualTo(Path.Combine(_directory, "ca.crt")));
            Assert.That(configuration.CertificateAuthorities, Has.Count.EqualTo(1));
        });
    }

    [Test]
    public void A_pod_without_a_service_account_is_told_what_is_missing()
    {
        Assert.That(
            () => InClusterConfiguration.Load("10.0.0.1", "443", _directory),
            Throws.TypeOf<KubernetesConfigurationException>().With.Message.Contains("token does not exist"));
        Assert.That(
            () => InClusterConfiguration.Load(null, "443", _directory),
            Throws.TypeOf<KubernetesConfigurationException>().With.Message.Contains("KUBERNETES_SERVICE_HOST"));
    }

    [Test]
    public void A_configuration_prints_no_credential()
    {
        var configuration = KubernetesClientConfiguration.BuildFromConfigFile(Write("config", Config("proxy-url: http://u:s3cret@127.0.0.1:1")));

        Assert.That(configuration.ToString(), Does.StartWith("https://127.0.0.1:6443/k8s as ").And.Not.Contains("t0ken").And.Not.Contains("s3cret"));
    }

    private static List<string> Warnings(KubernetesClientConfiguration configuration)
    {
        var warnings = new List<string>();
        while (configuration.Warnings.TakeNext() is { } warning)
        {
            warnings.Add(warning);
        }

        return warnings;
    }

    private void AssertFault(string config, string fault)
    {
        var path = Write("config", config);

        Assert.That(
            () => KubernetesClientConfiguration.BuildFromConfigFile(path),
            Throws.TypeOf<KubernetesConfigurationException>()
                .With.Message.StartsWith($"kubeconfig {path}: {fault}")
                .And.Message.Not.Contains("s3cret")
                .And.Message.Not.Contains("\n"));
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
