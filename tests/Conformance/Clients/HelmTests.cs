using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Clients;

/// <summary>The real Helm with a small chart.</summary>
[TestFixture]
internal sealed class HelmTests : ClientTest
{
    private static string Chart => TestedCluster.Repository.PathOf("tests", "Conformance", "Clients", "Charts", "small");

    [Test]
    public async Task A_release_is_installed_upgraded_rolled_back_and_removed()
    {
        await Helm("install", "small", Chart, "--set", "replicas=0");
        Assert.That((await Get("deployments/small"))["spec.replicas"], Is.EqualTo("0"));
        Assert.That(await Helm("list"), Does.Contain("small").And.Contain("deployed"));

        await Helm("upgrade", "small", Chart, "--set", "replicas=0,greeting=changed");
        Assert.That((await Get("configmaps/small"))["data.greeting"], Is.EqualTo("changed"));

        await Helm("rollback", "small", "1");
        Assert.That((await Get("configmaps/small"))["data.greeting"], Is.EqualTo("hello"));
        Assert.That(await Helm("history", "small"), Does.Contain("Rollback to 1"));

        await Helm("uninstall", "small", "--wait");
        Assert.That((await Get("configmaps/small")).Code, Is.EqualTo(404));
        Assert.That((await Get("deployments/small")).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task A_release_may_wait_until_it_is_ready() =>
        Assert.That(await Helm("install", "small", Chart, "--set", "replicas=0", "--wait", "--timeout=90s"), Does.Contain("STATUS: deployed"));

    [Test]
    public async Task An_upgrade_removes_what_the_chart_no_longer_has()
    {
        await Helm("install", "small", Chart, "--set", "replicas=0,service=true");
        Answered(200, await Get("services/small"));

        await Helm("upgrade", "small", Chart, "--set", "replicas=0,service=false");

        Assert.That((await Get("services/small")).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task A_release_that_is_invalid_is_refused_with_the_servers_words()
    {
        var refused = await new ClientProgram("helm", Folder).TryRunAsync(null, "--namespace", Namespace, "install", "small", Chart, "--set", "replicas=-1");

        Assert.That(refused.ExitCode, Is.Not.Zero);
        Assert.That(refused.Error, Does.Contain("spec.replicas: Invalid value: -1: must be greater than or equal to 0"));
    }
}
