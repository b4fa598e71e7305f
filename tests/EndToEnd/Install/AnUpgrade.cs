using ModelOperator.Api.ModelDeployments;
using ModelOperator.Demo.Cluster;
using ModelOperator.Demo.Traffic;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.EndToEnd.Tests.Install;

/// <summary>A release is upgraded, rolled back and uninstalled under the eyes of callers.</summary>
internal sealed class AnUpgrade
{
    private InstalledCluster _cluster = null!;

    [OneTimeSetUp]
    public async Task Install()
    {
        _cluster = await InstalledCluster.StartAsync();
        await _cluster.Client.ApplyAsync(Digits.ErrorPolicy(Digits.Policy, minSamples: 20), fieldManager: "test");
    }

    [OneTimeTearDown]
    public async Task Remove() => await _cluster.DisposeAsync();

    [Test]
    public async Task An_upgrade_and_its_rollback_restart_no_model_and_lose_no_request_and_an_uninstall_leaves_the_models()
    {
        var helm = new Helm(_cluster.Kubeconfig);
        await using var scene = new Scene(_cluster, "kept");
        await scene.ApplyAsync("v1");
        await scene.UntilAsync("version 1 is Available", d => d is { Status: { Phase: "Available", Stable.Version: "v1" } });
        var before = await ModelPodsAsync();
        var routers = await PodsAsync("router");
        scene.Call(await _cluster.CallerAsync("kept"), HeldOutDigits.Load(_cluster.Repository.PathOf("samples", "digits", "heldout.json")));

        await helm.RunAsync(
            CancellationToken.None,
            "upgrade", "modeloperator", Chart.Path, "--namespace", Installation.SystemNamespace, "--reuse-values",
            "--set", "router.drain=3s,operator.workers=4", "--wait", "--timeout", "120s");
        await Eventually.IsTrueAsync(
            async () => !(await PodsAsync("router")).Intersect(routers).Any(),
            "the upgrade replaces the routers",
            async () => await _cluster.Kubectl.RunAsync(CancellationToken.None, "get", "pods", "-A"));
        await helm.RunAsync(CancellationToken.None, "rollback", "modeloperator", "1", "--namespace", Installation.SystemNamespace, "--wait", "--timeout", "120s");

        await scene.AssertNothingFailedAsync();
        Assert.That(await ModelPodsAsync(), Is.EquivalentTo(before), "the same pods serve");

        await helm.RunAsync(CancellationToken.None, "uninstall", "modeloperator", "--namespace", Installation.SystemNamespace, "--wait");

        Assert.That(await _cluster.Client.GetAsync<V1Alpha1ModelDeployment>("kept", "default"), Is.Not.Null, "CRDs and what users wrote stay");
        Assert.That(await ModelPodsAsync(), Is.EquivalentTo(before));
        await _cluster.Installation.InstallChartAsync(CancellationToken.None);
        await scene.UntilAsync("the new release goes on with it", d => d is { Status: { Phase: "Available", Stable.Version: "v1" } });
        Assert.That(await ModelPodsAsync(), Is.EquivalentTo(before));
    }

    private async Task<IReadOnlyList<string>> ModelPodsAsync() =>
        [.. (await _cluster.Client.ListAsync<V1Pod>("default", "modeloperator.io/deployment=kept")).Items.Select(pod => pod.Uid()!)];

    private async Task<IReadOnlyList<string>> PodsAsync(string component) =>
        [.. (await _cluster.Client.ListAsync<V1Pod>(Installation.SystemNamespace, $"app.kubernetes.io/component={component}")).Items.Select(pod => pod.Uid()!)];
}
