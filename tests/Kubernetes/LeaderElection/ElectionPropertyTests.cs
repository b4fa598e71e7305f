using FsCheck;
using FsCheck.Fluent;
using ModelOperator.Kubernetes.Tests.Behaviours;

namespace ModelOperator.Kubernetes.Tests.LeaderElection;

internal sealed class ElectionPropertyTests
{
    private static readonly Config Settings = Config.QuickThrowOnFailure.WithMaxTest(300).WithStartSize(20).WithEndSize(400).WithReplay(1, 3);

    private static readonly Arbitrary<(int Candidates, IList<int> Choices)> Elections = (
        from candidates in Gen.Choose(2, 5)
        from choices in Gen.Choose(0, 99).NonEmptyListOf()
        select (candidates, (IList<int>)choices)).ToArbitrary();

    [Test]
    [Behaviour(32)]
    public void Two_never_lead_at_the_same_time_whatever_clocks_and_networks_do() =>
        Check.One(Settings, Prop.ForAll(Elections, election =>
            new SimulatedElection(election.Candidates, [.. election.Choices]).Run(TimeSpan.FromMinutes(10)) <= 1));

    [Test]
    public void Once_nothing_goes_wrong_any_more_somebody_leads_soon_and_goes_on_leading() =>
        Check.One(Settings, Prop.ForAll(Elections, election =>
        {
            var simulation = new SimulatedElection(election.Candidates, [.. election.Choices]);
            simulation.Run(TimeSpan.FromMinutes(2));
            simulation.IsFaulty = false;
            // Who stands still, 40 s; then a lease, by the slowest clock, and a pause; and requests that are still under way.
            simulation.Run(TimeSpan.FromSeconds(40 + 17 + 10 + 10));
            var leaders = simulation.Leaders;
            var elections = simulation.Elections;
            simulation.Run(TimeSpan.FromMinutes(5));
            return leaders.Count == 1 && simulation.Leaders.SequenceEqual(leaders) && simulation.Elections == elections;
        }));

    [Test]
    public void The_simulated_elections_change_their_leaders_often()
    {
        // Faults that are frequent enough to change the leader many times: what the properties say is not said of quiet elections.
        var elections = Enumerable.Range(0, 20).Sum(seed =>
        {
            var random = new Random(seed);
            var simulation = new SimulatedElection(4, [.. Enumerable.Range(0, 997).Select(_ => random.Next(100))]);
            simulation.Run(TimeSpan.FromMinutes(10));
            return simulation.Elections;
        });

        Assert.That(elections, Is.GreaterThan(100));
    }
}
