using ModelOperator.Demo.Cluster;
using ModelOperator.Demo.Story;

namespace ModelOperator.EndToEnd.Tests;

[Category("OwnCluster")]
internal sealed class TheDemo
{
    [Test]
    public async Task Every_claim_of_the_demo_holds()
    {
        var directory = Path.Combine(Path.GetTempPath(), "modeloperator-demo-" + Guid.NewGuid().ToString("n")[..8]);
        var repository = Repository.Find();
        var timeline = new Timeline(TestContext.Progress, TimeProvider.System);
        var claims = new Claims(timeline);
        await using (var cluster = await DevClusterProcess.StartAsync(repository, directory, TimeProvider.System, CancellationToken.None))
        {
            await new Demonstration(repository, cluster, timeline, claims, TimeProvider.System).RunAsync(CancellationToken.None);
        }

        Assert.That(claims.Failed, Is.Empty);
        Assert.That(claims.Checked, Is.GreaterThanOrEqualTo(9));
        Directory.Delete(directory, recursive: true);
    }
}
