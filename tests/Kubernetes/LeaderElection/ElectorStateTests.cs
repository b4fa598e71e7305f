using ModelOperator.Kubernetes.LeaderElection;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Behaviours;

namespace ModelOperator.Kubernetes.Tests.LeaderElection;

internal sealed class ElectorStateTests
{
    private static readonly DateTime Noon = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly LeaderElectionSettings Me = new() { LeaseName = "operator", LeaseNamespace = "system", Identity = "me" };
    private readonly ElectorState _standby = new(Me);

    [Test]
    public void A_lease_that_does_not_exist_is_made() =>
        Assert.That(
            _standby.See(null, At(0)).Decide(At(0), Noon),
            Is.EqualTo(new ElectionStep.Create(new LeaseRecord("me", At(15), Noon, Noon, 0))));

    [Test]
    [Behaviour(32)]
    public void Anothers_lease_is_left_alone_until_it_has_not_changed_for_its_duration_by_the_local_clock()
    {
        // The holder's clock is years ahead, or behind: nobody looks at it.
        foreach (var theirs in new[] { Noon.AddYears(5), Noon.AddYears(-5) })
        {
            var seen = _standby.See(Held("other", theirs, "1"), At(100));

            Assert.That(seen.See(Held("other", theirs, "1"), At(114.9)).Decide(At(114.9), Noon), Is.TypeOf<ElectionStep.Wait>());
            Assert.That(
                seen.See(Held("other", theirs, "1"), At(115)).Decide(At(115), Noon),
                Is.EqualTo(new ElectionStep.Replace(new LeaseRecord("me", At(15), Noon, Noon, 4), "1")));
        }
    }

    [Test]
    [Behaviour(32)]
    public void Every_renewal_that_is_seen_starts_the_wait_anew()
    {
        var seen = _standby.See(Held("other", Noon, "1"), At(100)).See(Held("other", Noon.AddSeconds(2), "2"), At(110));

        Assert.That(seen.Decide(At(124), Noon), Is.TypeOf<ElectionStep.Wait>());
        Assert.That(seen.Decide(At(125), Noon), Is.TypeOf<ElectionStep.Replace>());
    }

    [Test]
    public void A_new_version_that_says_the_same_is_no_renewal()
    {
        var seen = _standby.See(Held("other", Noon, "1"), At(100)).See(Held("other", Noon, "2"), At(110));

        Assert.That(seen.Decide(At(115), Noon), Is.TypeOf<ElectionStep.Replace>().With.Property("ResourceVersion").EqualTo("2"));
    }

    [Test]
    public void A_released_lease_is_taken_at_once_and_the_transition_counted() =>
        Assert.That(
            _standby.See(Held("", Noon, "7"), At(0)).Decide(At(0), Noon),
            Is.TypeOf<ElectionStep.Replace>().With.Property("Record").EqualTo(new LeaseRecord("me", At(15), Noon, Noon, 4)));

    [Test]
    public void A_lease_without_any_field_is_free_and_one_without_a_duration_is_waited_for()
    {
        var empty = new LeaseVersion(LeaseRecord.From(null), "1");
        var bare = new LeaseVersion(LeaseRecord.From(new V1LeaseSpec { HolderIdentity = "other" }), "1");

        Assert.That(_standby.See(empty, At(0)).Decide(At(0), Noon), Is.TypeOf<ElectionStep.Replace>());
        Assert.That(_standby.See(bare, At(0)).Decide(At(14), Noon), Is.TypeOf<ElectionStep.Wait>());
        Assert.That(_standby.See(bare, At(0)).Decide(At(15), Noon), Is.TypeOf<ElectionStep.Replace>());
    }

    [Test]
    [Behaviour(33)]
    public void A_leader_writes_without_reading_and_keeps_when_it_took_the_lease()
    {
        var leader = Leader(sentAt: 100);

        Assert.That(
            leader.Begin(At(102), Noon.AddSeconds(2)),
            Is.EqualTo(new ElectionStep.Replace(new LeaseRecord("me", At(15), Noon, Noon.AddSeconds(2), 3), "9")));
        Assert.That(_standby.Begin(At(102), Noon), Is.TypeOf<ElectionStep.Read>());
    }

    [Test]
    public void A_candidate_whose_write_arrived_without_an_answer_finds_that_it_leads() =>
        Assert.That(
            _standby.See(Held("me", Noon, "5"), At(1)).Decide(At(1), Noon.AddSeconds(1)),
            Is.EqualTo(new ElectionStep.Replace(new LeaseRecord("me", At(15), Noon, Noon.AddSeconds(1), 3), "5")));

    [Test]
    [Behaviour(35)]
    public void A_leader_stops_the_renew_deadline_after_it_sent_its_last_renewal()
    {
        var leader = Leader(sentAt: 100);

        Assert.That(leader.Begin(At(109.9), Noon), Is.TypeOf<ElectionStep.Replace>());
        Assert.That(leader.Begin(At(110), Noon), Is.EqualTo(new ElectionStep.GiveUp("the lease could not be renewed for 10 s")));
        Assert.That(leader.Pause(At(109), jitter: 0.5), Is.EqualTo(At(1)), "it is awake at the deadline");
        Assert.That(leader.RequestTimeout(At(109)), Is.EqualTo(At(1)), "no request goes on beyond it");
    }

    [TestCase("other", "other has the lease")]
    [TestCase("", "somebody has released the lease")]
    [Behaviour(35)]
    public void A_leader_stops_at_once_when_the_lease_is_not_its_own_any_more(string holder, string reason) =>
        Assert.That(
            Leader(sentAt: 100).See(Held(holder, Noon, "10"), At(101)).Decide(At(101), Noon), Is.EqualTo(new ElectionStep.GiveUp(reason)));

    [Test]
    public void A_leader_whose_lease_was_deleted_makes_it_again() =>
        Assert.That(Leader(sentAt: 100).See(null, At(101)).Decide(At(101), Noon), Is.TypeOf<ElectionStep.Create>());

    [Test]
    [Behaviour(35)]
    public void A_release_empties_the_holder_and_shortens_the_lease_but_only_of_ones_own()
    {
        Assert.That(
            Leader(sentAt: 100).Release(Noon),
            Is.EqualTo(new ElectionStep.Replace(new LeaseRecord("", At(1), Noon, Noon, 3), "9")));
        Assert.That(_standby.See(Held("other", Noon, "1"), At(0)).Release(Noon), Is.Null);
    }

    [Test]
    public void Standbys_spread_their_attempts() =>
        Assert.That((_standby.Pause(At(0), 0), _standby.Pause(At(0), 1)), Is.EqualTo((At(2), At(4.4))));

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);

    private static LeaseVersion Held(string holder, DateTime renewTime, string version) =>
        new(new LeaseRecord(holder, At(15), Noon, renewTime, 3), version);

    private ElectorState Leader(double sentAt) => _standby.Wrote(Held("me", Noon, "9"), At(sentAt));
}
