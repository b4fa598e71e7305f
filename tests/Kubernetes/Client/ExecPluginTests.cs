using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Client.Authentication;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;
using ModelOperator.TestSupport;

namespace ModelOperator.Kubernetes.Tests.Client;

/// <summary>With a real program as plug-in: a shell script that notes each run and prints the next prepared answer.</summary>
internal sealed class ExecPluginTests
{
    private const string V1 = "client.authentication.k8s.io/v1";
    private const string V1Beta1 = "client.authentication.k8s.io/v1beta1";

    private readonly ManualTimeProvider _clock = new();
    private string _directory = null!;
    private FakeApi _api = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _directory = Directory.CreateTempSubdirectory("exec plug-in").FullName;
        _api = await FakeApi.StartAsync();
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _api.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [TestCase(V1)]
    [TestCase(V1Beta1)]
    public async Task A_token_is_made_once_and_kept_until_it_expires(string version)
    {
        var expiry = _clock.GetUtcNow().AddMinutes(5);
        Prepare(1, Token("one", expiry, version));
        Prepare(2, Token("two", expiry.AddMinutes(5), version));
        using var client = CreateClient(Plugin() with { ApiVersion = version });

        await GetAsync(client);
        _clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromSeconds(1));
        await GetAsync(client);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await GetAsync(client);

        Assert.That(TokensSeen(), Is.EqualTo(new[] { "Bearer one", "Bearer one", "Bearer two" }));
        Assert.That(Runs(), Is.EqualTo(2));
    }

    [Test]
    public async Task The_plug_in_gets_its_arguments_as_they_are_its_variables_and_the_request()
    {
        Prepare(1, Token("one"));
        using var client = CreateClient(Plugin("a b", "\"quoted\"", "$HOME;*", "") with
        {
            Environment = new Dictionary<string, string> { ["LOGIN_AS"] = "some one" },
        });

        await GetAsync(client);

        Assert.That(File.ReadAllLines(Noted("args.1")), Is.EqualTo(new[] { "a b", "\"quoted\"", "$HOME;*", "" }));
        Assert.That(File.ReadAllText(Noted("variable.1")), Is.EqualTo("some one\n"));
        var info = JsonNode.Parse(File.ReadAllText(Noted("info.1")))!;
        Assert.That(info.ToJsonString(), Is.EqualTo($$$"""{"apiVersion":"{{{V1}}}","kind":"ExecCredential","spec":{"interactive":false}}"""));
    }

    [Test]
    public async Task The_cluster_is_told_only_to_a_plug_in_that_asks_for_it()
    {
        Prepare(1, Token("one"));
        using var authority = TestCertificates.CreateAuthority("test");
        var plugin = Plugin() with { ProvideClusterInfo = true, ClusterConfig = JsonNode.Parse("""{"audience":"models"}""") };
        using var client = new KubernetesClient(
            new KubernetesClientConfiguration
            {
                Server = new Uri(_api.Address, "/k8s/"),
                CertificateAuthorities = [authority],
                TlsServerName = "api.internal",
                Exec = plugin,
            },
            _clock);

        await GetAsync(client);

        var cluster = JsonNode.Parse(File.ReadAllText(Noted("info.1")))!["spec"]!["cluster"]!;
        Assert.Multiple(() =>
        {
            Assert.That(cluster["server"]!.GetValue<string>(), Is.EqualTo($"{_api.Address}k8s"));
            Assert.That(cluster["tls-server-name"]!.GetValue<string>(), Is.EqualTo("api.internal"));
            Assert.That(
                System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(cluster["certificate-authority-data"]!.GetValue<string>())),
                Does.StartWith("-----BEGIN CERTIFICATE-----"));
            Assert.That(cluster["config"]!.ToJsonString(), Is.EqualTo("""{"audience":"models"}"""));
        });
    }

    [Test]
    public async Task Many_requests_at_once_run_the_plug_in_once()
    {
        Prepare(1, Token("one"));
        using var client = CreateClient(Plugin());

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => GetAsync(client)));

        Assert.That(Runs(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_caller_that_gives_up_does_not_take_the_others_credentials_with_it()
    {
        Prepare(1, Token("one"));
        File.WriteAllText(Noted("hold"), "");
        using var client = CreateClient(Plugin());
        using var stop = new CancellationTokenSource();

        var first = client.GetAsync<V1ConfigMap>("a", "default", stop.Token);
        var second = GetAsync(client);
        await stop.CancelAsync();
        Assert.That(async () => await first, Throws.InstanceOf<OperationCanceledException>());
        File.Delete(Noted("hold"));
        await second;

        Assert.That(Runs(), Is.EqualTo(1));
    }

    [Test]
    public async Task A_401_makes_the_plug_in_run_once_more_and_the_request_go_again()
    {
        Prepare(1, Token("one"));
        Prepare(2, Token("two"));
        using var client = CreateClient(Plugin());
        _api.Reply(Answer.Refusal(401, "Unauthorized", "Unauthorized"));
        await GetAsync(client);

        Assert.That(TokensSeen(), Is.EqualTo(new[] { "Bearer one", "Bearer two" }));
        Assert.That(Runs(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_401_to_the_new_credentials_too_is_told()
    {
        Prepare(1, Token("one"));
        Prepare(2, Token("two"));
        using var client = CreateClient(Plugin());
        _api.Reply(Answer.Refusal(401, "Unauthorized", "Unauthorized"));
        _api.Reply(Answer.Refusal(401, "Unauthorized", "Unauthorized"));

        var error = await Assert.ThrowsAsync<KubernetesException>(() => client.GetAsync<V1ConfigMap>("a", "default"));

        Assert.That(error!.IsUnauthorized, Is.True);
        Assert.That(Runs(), Is.EqualTo(2));
    }

    [Test]
    public async Task A_plug_in_that_takes_too_long_is_killed_with_its_children()
    {
        Prepare(1, Token("one"));
        File.WriteAllText(Noted("hold"), "");
        using var client = CreateClient(Plugin());

        var get = client.GetAsync<V1ConfigMap>("a", "default");
        await UntilAsync(() => File.Exists(Noted("pid")) && File.ReadAllText(Noted("pid")).EndsWith('\n'));
        var process = int.Parse(File.ReadAllText(Noted("pid")));
        _clock.Advance(TimeSpan.FromSeconds(60));

        var error = await Assert.ThrowsAsync<CredentialsException>(() => get);
        Assert.That(error!.Message, Is.EqualTo("exec plug-in sh took longer than 60 s and was killed"));
        await UntilAsync(() => !IsRunning(process));
    }

    [Test]
    public async Task A_new_client_certificate_closes_the_connections_made_with_the_old_one()
    {
        var (first, second) = (TestCertificates.CreateClient("jane"), TestCertificates.CreateClient("jane"));
        using var authority = TestCertificates.CreateAuthority("right");
        await using var api = await FakeApi.StartAsync(https =>
        {
            https.ServerCertificate = TestCertificates.CreateServer(authority);
            https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
            https.AllowAnyClientCertificate();
        });
        var expiry = _clock.GetUtcNow().AddMinutes(5);
        Prepare(1, Certificate(first.Certificate, first.Key, expiry));
        Prepare(2, Certificate(first.Certificate, first.Key, expiry.AddMinutes(5)));
        Prepare(3, Certificate(second.Certificate, second.Key, expiry.AddMinutes(10)));
        using var client = new KubernetesClient(
            new KubernetesClientConfiguration { Server = api.Address, CertificateAuthorities = [authority], Exec = Plugin() }, _clock);
        var lines = System.Threading.Channels.Channel.CreateUnbounded<string>();
        api.ReplyToWatch(Answer.WatchFrom(lines.Reader));
        lines.Writer.TryWrite(Answer.Event("ADDED", Answer.ConfigMap("a", "1")));
        await using var watch = client.WatchAsync<V1ConfigMap>("default").GetAsyncEnumerator();
        await watch.MoveNextAsync();

        _clock.Advance(TimeSpan.FromMinutes(5));
        await GetFromAsync(api, client);
        lines.Writer.TryWrite(Answer.Event("ADDED", Answer.ConfigMap("b", "2")));
        Assert.That(await watch.MoveNextAsync(), Is.True, "the same certificate again is no rotation");

        _clock.Advance(TimeSpan.FromMinutes(5));
        await GetFromAsync(api, client);

        Assert.That(
            api.Requests.Select(request => request.ClientCertificate), Is.EqualTo(new[] { first.Thumbprint, first.Thumbprint, second.Thumbprint }));
        await Assert.ThrowsAsync(Is.InstanceOf<IOException>().Or.InstanceOf<HttpRequestException>(), async () => await watch.MoveNextAsync());
    }

    [TestCase("no json", "did not write the JSON of an ExecCredential")]
    [TestCase("""{"kind":"Status"}""", "wrote something else than an ExecCredential")]
    [TestCase("""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","status":{"token":"s3cret"}}""", "was asked for client.authentication.k8s.io/v1 and answered in another version")]
    [TestCase("""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{}}""", "wrote neither a token nor a client certificate")]
    [TestCase("""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1"}""", "wrote neither a token nor a client certificate")]
    [TestCase("""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"token":"s3cret","clientKeyData":"x"}}""", "wrote only one of clientCertificateData and clientKeyData")]
    [TestCase("""{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1","status":{"clientCertificateData":"s3cret","clientKeyData":"x"}}""", "wrote a clientCertificateData and clientKeyData that are no PEM certificate and its key")]
    public void What_a_plug_in_does_wrong_is_one_sentence_that_quotes_nothing(string output, string fault)
    {
        Prepare(1, output);
        using var client = CreateClient(Plugin());

        Assert.That(
            () => client.GetAsync<V1ConfigMap>("a", "default"),
            Throws.TypeOf<CredentialsException>().With.Message.EqualTo($"exec plug-in sh {fault}"));
    }

    [Test]
    public void A_plug_in_that_fails_is_told_with_its_exit_code()
    {
        using var client = CreateClient(Plugin() with { Arguments = ["-c", "exit 7"] });

        Assert.That(
            () => client.GetAsync<V1ConfigMap>("a", "default"),
            Throws.TypeOf<CredentialsException>().With.Message.EqualTo("exec plug-in sh ended with exit code 7"));
    }

    [Test]
    public void A_plug_in_that_is_not_installed_is_told_with_its_hint_once_an_hour_and_without_terminal_sequences()
    {
        using var client = CreateClient(new ExecCredentialPlugin
        {
            Command = "modeloperator-no-such-plug-in",
            ApiVersion = V1,
            InstallHint = "\u001b[31mGet it\u001b[0m at\u0007 example.com",
        });

        Assert.That(
            () => client.GetAsync<V1ConfigMap>("a", "default"),
            Throws.TypeOf<CredentialsException>().With.Message.EqualTo("exec plug-in modeloperator-no-such-plug-in is not installed. Get it at example.com"));
        Assert.That(
            () => client.GetAsync<V1ConfigMap>("a", "default"),
            Throws.TypeOf<CredentialsException>().With.Message.EqualTo("exec plug-in modeloperator-no-such-plug-in is not installed"));
    }

    [Test]
    public void A_program_in_the_current_directory_is_not_the_one_meant_by_a_bare_name()
    {
        var name = $"exec-in-current-directory-{Guid.NewGuid():N}";
        var program = Path.Combine(Environment.CurrentDirectory, name);
        File.WriteAllText(program, "#!/bin/sh\nexit 0\n");
        try
        {
            using var client = CreateClient(new ExecCredentialPlugin { Command = name, ApiVersion = V1 });

            Assert.That(
                () => client.GetAsync<V1ConfigMap>("a", "default"),
                Throws.TypeOf<CredentialsException>().With.Message.EqualTo($"exec plug-in {name} is not installed"));
        }
        finally
        {
            File.Delete(program);
        }
    }

    [Test]
    public void A_plug_in_that_must_ask_is_not_run_without_a_terminal()
    {
        var plugin = Plugin() with { InteractiveMode = ExecInteractiveMode.Always };
        var provider = new ExecCredentialProvider(plugin, new KubernetesClientConfiguration { Server = _api.Address }, _clock, hasTerminal: false);

        Assert.That(() => provider.ObtainAsync(CancellationToken.None), Throws.TypeOf<CredentialsException>().With.Message.Contains("needs a terminal"));
        Assert.That(Runs(), Is.Zero);
    }

    private static string Token(string token, DateTimeOffset? expiry = null, string version = V1) => Credential(version, expiry, new JsonObject { ["token"] = token });

    private static string Certificate(string certificate, string key, DateTimeOffset expiry) =>
        Credential(V1, expiry, new JsonObject { ["clientCertificateData"] = certificate, ["clientKeyData"] = key });

    private static string Credential(string version, DateTimeOffset? expiry, JsonObject status)
    {
        if (expiry is { } time)
        {
            status["expirationTimestamp"] = time.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        }

        return JsonSerializer.Serialize(new JsonObject { ["apiVersion"] = version, ["kind"] = "ExecCredential", ["status"] = status });
    }

    private static bool IsRunning(int process)
    {
        try
        {
            // A process that has ended stays as a zombie until its parent asks.
            return !File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }

    private static async Task GetFromAsync(FakeApi api, KubernetesClient client)
    {
        api.Reply(Answer.Json(Answer.ConfigMap("a", "1")));
        await client.GetAsync<V1ConfigMap>("a", "default");
    }

    private Task GetAsync(KubernetesClient client) => GetFromAsync(_api, client);

    private IEnumerable<string> TokensSeen() => _api.Requests.Select(request => request.Headers["Authorization"]);

    private int Runs() => Directory.GetFiles(_directory, "args.*").Length;

    private string Noted(string name) => Path.Combine(_directory, name);

    private void Prepare(int run, string output) => File.WriteAllText(Noted($"answer.{run}"), output);

    // A shell that reads a script rather than the script itself: a file just written may still be busy under a fork.
    private ExecCredentialPlugin Plugin(params string[] arguments)
    {
        var script = Noted("plug in.sh");
        File.WriteAllText(
            script,
            """
            cd "$(dirname "$0")"
            run=$(( $(ls args.* 2>/dev/null | wc -l) + 1 ))
            for argument in "$@"; do printf '%s\n' "$argument"; done > args.$run
            printf '%s' "$KUBERNETES_EXEC_INFO" > info.$run
            printf '%s\n' "$LOGIN_AS" > variable.$run
            echo $$ > pid
            while [ -e hold ]; do sleep 0.05; done
            cat answer.$run
            """);
        return new ExecCredentialPlugin { Command = "sh", ApiVersion = V1, Arguments = [script, .. arguments], InteractiveMode = ExecInteractiveMode.Never };
    }

    private KubernetesClient CreateClient(ExecCredentialPlugin plugin) =>
        new(new KubernetesClientConfiguration { Server = _api.Address, Exec = plugin }, _clock);
}
