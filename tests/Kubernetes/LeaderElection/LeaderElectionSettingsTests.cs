using ModelOperator.Kubernetes.LeaderElection;
using ModelOperator.Kubernetes.Tests.Behaviours;

namespace ModelOperator.Kubernetes.Tests.LeaderElection;

internal sealed class LeaderElectionSettingsTests
{
    [Test]
    [Behaviour(31)]
    public void The_defaults_of_the_field_are_taken() => Assert.That(Settings(15, 10, 2).Validate(), Is.Null);

    [Behaviour(31)]
    [TestCase(15, 15, 2, "the lease duration (15 s) must be greater than the renew deadline (15 s)")]
    [TestCase(15, 10, 9, "the renew deadline (10 s) must be greater than the retry period (9 s) times 1.2")]
    [TestCase(15, 10, 0, "the retry period (0 s) must be greater than zero")]
    [TestCase(2.5, 1, 0.2, "the lease duration (2.5 s) must be a whole number of seconds, at least one")]
    public void Times_that_would_make_two_leaders_or_none_are_refused_with_a_sentence(double lease, double renew, double retry, string sentence) =>
        Assert.That(Settings(lease, renew, retry).Validate(), Is.EqualTo(sentence));

    [Test]
    [Behaviour(34)]
    public void No_two_processes_share_an_identity_also_on_one_host()
    {
        var identity = Settings(15, 10, 2).Identity;

        Assert.That(identity, Does.StartWith(Environment.MachineName + "_"));
        Assert.That(Settings(15, 10, 2).Identity, Is.Not.EqualTo(identity));
    }

    [Behaviour(34)]
    [TestCase(10, 5)]
    [TestCase(1.5, 1)]
    public void One_request_that_hangs_leaves_time_for_another(double renewDeadline, double limit) =>
        Assert.That(Settings(15, renewDeadline, 0.5).RequestTimeout, Is.EqualTo(TimeSpan.FromSeconds(limit)));

    private static LeaderElectionSettings Settings(double lease, double renew, double retry) => new()
    {
        LeaseName = "operator",
        LeaseNamespace = "system",
        LeaseDuration = TimeSpan.FromSeconds(lease),
        RenewDeadline = TimeSpan.FromSeconds(renew),
        RetryPeriod = TimeSpan.FromSeconds(retry),
    };
}
