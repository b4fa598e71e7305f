using System.Diagnostics;

namespace ModelOperator.DevCluster.Tests.ApiServer;

/// <summary>The real kubectl against the server, where there is one on the PATH.</summary>
[TestFixture]
internal sealed class KubectlTests
{
    private const string Manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: web}
        spec:
          selector: {matchLabels: {app: web}}
          template:
            metadata: {labels: {app: web}}
            spec: {containers: [{name: web, image: "nginx:1"}]}
        """;

    private TestCluster _cluster = null!;
    private string _directory = "";

    [OneTimeSetUp]
    public async Task Start()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        if (!path.Any(directory => File.Exists(Path.Combine(directory, "kubectl"))))
        {
            Assert.Fail("kubectl is not on the PATH");
        }

        _cluster = await TestCluster.StartAsync();
        _directory = Directory.CreateTempSubdirectory("kubectl-tests").FullName;
        await File.WriteAllTextAsync(Path.Combine(_directory, "config"), _cluster.Host.Kubeconfig);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }

        if (_directory.Length > 0)
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    [Test]
    public async Task It_applies_gets_describes_scales_explains_and_deletes()
    {
        Assert.That(await RunAsync(Manifest, "apply", "-f", "-"), Does.Contain("deployment.apps/web created"));
        Assert.That(await RunAsync(Manifest, "apply", "-f", "-"), Does.Contain("deployment.apps/web unchanged"));
        Assert.That(await RunAsync(null, "get", "deploy"), Does.Contain("UP-TO-DATE").And.Contain("0/1"));
        Assert.That(await RunAsync(null, "describe", "deploy", "web"), Does.Contain("25% max unavailable"));
        Assert.That(await RunAsync(null, "scale", "deploy/web", "--replicas=3"), Does.Contain("scaled"));
        Assert.That(await RunAsync(null, "explain", "deployment.spec.replicas"), Does.Contain("replicas <integer>"));
        Assert.That(await RunAsync(null, "create", "configmap", "cm", "--from-literal=a=b"), Does.Contain("configmap/cm created"));
        Assert.That(await RunAsync(null, "delete", "deploy/web"), Does.Contain("deleted"));
    }

    [Test]
    public async Task It_reports_a_conflict_of_server_side_apply()
    {
        var named = Manifest.Replace("web", "ssa");
        await RunAsync(named, "apply", "--server-side", "-f", "-");

        var output = await RunAsync(named.Replace("nginx:1", "nginx:2"), "apply", "--server-side", "--field-manager=other", "-f", "-");

        Assert.That(output, Does.Contain("Apply failed with 1 conflict: conflict with \"kubectl\""));
    }

    private async Task<string> RunAsync(string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KUBECONFIG"] = Path.Combine(_directory, "config");
        start.Environment["HOME"] = _directory;
        using var process = Process.Start(start)!;
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
        }

        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return output + await error;
    }
}
