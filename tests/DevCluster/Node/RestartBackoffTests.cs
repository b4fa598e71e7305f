using ModelOperator.DevCluster.Node.Pods;

namespace ModelOperator.DevCluster.Tests.Node;

internal sealed class RestartBackoffTests
{
    [TestCase(0, 0)]
    [TestCase(1, 10)]
    [TestCase(2, 20)]
    [TestCase(3, 40)]
    [TestCase(4, 80)]
    [TestCase(5, 160)]
    [TestCase(6, 300)]
    [TestCase(7, 300)]
    [TestCase(1000, 300)]
    public void Restarts_wait_as_long_as_kubelet_makes_them(int streak, int seconds)
    {
        Assert.That(RestartBackoff.Kubelet.Delay(streak), Is.EqualTo(TimeSpan.FromSeconds(seconds)));
    }

    [TestCase(0.5, "500ms")]
    [TestCase(10, "10s")]
    [TestCase(1.5, "1.5s")]
    [TestCase(160, "2m40s")]
    [TestCase(300, "5m0s")]
    [TestCase(3600, "1h0m0s")]
    public void Waits_are_written_as_Go_writes_them(double seconds, string text)
    {
        Assert.That(GoDuration.Format(TimeSpan.FromSeconds(seconds)), Is.EqualTo(text));
    }
}
