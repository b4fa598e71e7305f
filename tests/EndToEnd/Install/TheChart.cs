using System.Text.RegularExpressions;
using ModelOperator.Demo.Cluster;

namespace ModelOperator.EndToEnd.Tests.Install;

/// <summary>The chart by itself, with the real Helm, and what an API server says of its manifests.</summary>
[Category("OwnCluster")]
internal sealed partial class TheChart
{
    private static readonly Repository Repository = Repository.Find();

    private readonly string _directory = Path.Combine(Path.GetTempPath(), "modeloperator-chart-" + Guid.NewGuid().ToString("n")[..8]);
    private DevClusterProcess _cluster = null!;
    private Kubectl _kubectl = null!;
    private Helm _helm = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        _cluster = await DevClusterProcess.StartAsync(Repository, _directory, TimeProvider.System, CancellationToken.None, withNode: false);
        (_kubectl, _helm) = (new Kubectl(_cluster.Kubeconfig), new Helm(_cluster.Kubeconfig));
        await _kubectl.RunAsync(CancellationToken.None, "create", "namespace", Installation.SystemNamespace);
        await _kubectl.RunAsync(CancellationToken.None, "create", "namespace", "team");
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        await _cluster.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task Helm_finds_nothing_to_complain_about() =>
        Assert.That(await _helm.RunAsync(CancellationToken.None, "lint", Chart.Path, "--strict", "--set", Chart.Everything), Does.Contain("0 chart(s) failed"));

    [TestCase("router.drain=5", "/router/drain", "got number, want string")]
    [TestCase("operator.replicas=0", "/operator/replicas", "minimum: got 0, want 1")]
    [TestCase("operator.replica=3", "/operator", "additional properties 'replica' not allowed")]
    [TestCase("router.service.type=Cluster", "/router/service/type", "value must be one of")]
    [TestCase("images.operator.digest=sha256:12", "/images/operator/digest", "does not match pattern")]
    [TestCase("prometheus.address=prometheus:9090", "/prometheus/address", "does not match pattern")]
    [TestCase("router.resources.limits.memory=much", "/router/resources/limits/memory", "does not match pattern")]
    public async Task A_wrong_value_is_refused_with_its_path(string value, string path, string problem)
    {
        var answer = await _helm.TryRunAsync(CancellationToken.None, "template", Chart.Path, "--set", value);

        Assert.That(answer.ExitCode, Is.Not.Zero);
        Assert.That(answer.Error, Does.Contain($"at '{path}'").And.Contain(problem));
    }

    [TestCase("")]
    [TestCase("watchNamespace=team")]
    [TestCase("images.registry=registry.example.com/mirror,images.pullSecrets={pull},rbac.aggregateToDefaultRoles=false,servingRuntime.create=false")]
    public async Task An_API_server_takes_every_manifest_strictly(string values)
    {
        await _kubectl.RunAsync(CancellationToken.None, "apply", "--server-side", "-f", Repository.PathOf("crds"));
        await _kubectl.RunAsync(CancellationToken.None, "wait", "--for=condition=Established", "--timeout=30s", "crd", "--all");
        var manifests = await Chart.RenderAsync(
            "--set", "networkPolicy.enabled=true,router.autoscaling.enabled=true,monitoring.grafanaDashboard.enabled=true", "--set", values);
        var file = Path.Combine(_directory, "all.yaml");
        await File.WriteAllTextAsync(file, manifests);

        var answer = await _kubectl.RunAsync(CancellationToken.None, "apply", "--dry-run=server", "--validate=strict", "-f", file);

        Assert.That(answer.Split('\n', StringSplitOptions.RemoveEmptyEntries), Has.All.Contains("(server dry run)"));
        Assert.That(answer, Does.Contain("deployment.apps/modeloperator").And.Contain("horizontalpodautoscaler.autoscaling/modelrouter"));
    }

    [Test]
    public async Task Every_pod_meets_the_restricted_level()
    {
        foreach (var template in (string[])["templates/operator/deployment.yaml", "templates/router/deployment.yaml"])
        {
            var manifest = await Chart.RenderAsync("--show-only", template);
            Assert.Multiple(() =>
            {
                Assert.That(manifest, Does.Contain("runAsNonRoot: true"));
                Assert.That(manifest, Does.Contain("seccompProfile: {type: RuntimeDefault}"));
                Assert.That(manifest, Does.Contain("allowPrivilegeEscalation: false"));
                Assert.That(manifest, Does.Contain("capabilities: {drop: [ALL]}"));
                Assert.That(manifest, Does.Contain("readOnlyRootFilesystem: true"));
            });
        }
    }

    [Test]
    public async Task A_namespaced_install_has_rights_in_that_namespace_and_reads_runtimes()
    {
        var cluster = await Chart.RenderAsync("--set", "watchNamespace=team,rbac.aggregateToDefaultRoles=false", "--show-only", "templates/operator/role.yaml");

        var clusterWide = cluster.Split("---").Where(document => document.Contains("kind: ClusterRole\n", StringComparison.Ordinal)).ToList();
        Assert.That(clusterWide, Has.Count.EqualTo(1));
        Assert.That(clusterWide[0], Does.Contain("resources: [servingruntimes], verbs: [list, watch]"));
    }

    [Test]
    public async Task Nobody_may_list_secrets() =>
        Assert.That(
            (await Chart.RenderAsync()).Split('\n').Where(line => line.Contains("secrets", StringComparison.Ordinal) && line.Contains("verbs", StringComparison.Ordinal)),
            Is.All.Contains("verbs: [get]"));

    [Test]
    public void The_charts_CRDs_are_those_of_the_types()
    {
        var made = Directory.GetFiles(Repository.PathOf("crds")).ToDictionary(file => Path.GetFileName(file), File.ReadAllText);
        var packed = Directory.GetFiles(Path.Combine(Chart.Path, "crds")).ToDictionary(file => Path.GetFileName(file), File.ReadAllText);

        Assert.That(packed, Is.EqualTo(made), "`make manifests` writes both");
    }

    [Test]
    public async Task Prometheus_loads_the_alerts_and_each_has_its_line_in_the_runbook()
    {
        var rules = await PrometheusRules.LoadAsync(Path.Combine(Chart.Path, "alerts.yaml"), _directory);
        var runbook = await File.ReadAllTextAsync(Repository.PathOf("docs", "alerts.md"));

        Assert.That(rules, Is.Not.Empty);
        Assert.That(rules.Where(rule => !runbook.Contains($"## {rule}\n", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Every_metric_of_an_alert_or_a_panel_is_in_the_list_of_metrics()
    {
        var listed = Metric().Matches(await File.ReadAllTextAsync(Repository.PathOf("docs", "metrics.md"))).Select(match => match.Value).ToHashSet();
        var used = Metric().Matches(
            await File.ReadAllTextAsync(Path.Combine(Chart.Path, "alerts.yaml"))
            + await File.ReadAllTextAsync(Path.Combine(Chart.Path, "dashboards", "modeloperator.json")));

        Assert.That(used.Select(match => Regex.Replace(match.Value, "_(bucket|sum|count)$", "")).Distinct().Except(listed), Is.Empty);
    }

    [Test]
    public async Task A_second_install_is_refused_with_what_to_do_instead()
    {
        await _helm.RunAsync(CancellationToken.None, "install", "first", Chart.Path, "--namespace", Installation.SystemNamespace);
        var second = await _helm.TryRunAsync(CancellationToken.None, "install", "second", Chart.Path, "--namespace", "team");
        await _helm.RunAsync(CancellationToken.None, "uninstall", "first", "--namespace", Installation.SystemNamespace);

        Assert.That(second.ExitCode, Is.Not.Zero);
        Assert.That(second.Error, Does.Contain(
            "installed in this cluster already, as release first in namespace modeloperator-system").And.Contain("helm upgrade first"));
    }

    [GeneratedRegex(@"\b(modelrouter|modelserver|modeloperator|controller_runtime|leader_election)_[a-z0-9_]+\b")]
    private static partial Regex Metric();
}
