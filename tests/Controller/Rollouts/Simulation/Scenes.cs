using ModelOperator.Controller.Rollouts;

namespace ModelOperator.Controller.Tests.Rollouts.Simulation;

/// <summary>Where the tests of single rules begin, and what they look at.</summary>
internal static class Scenes
{
    public static SimulatedCluster Serving()
    {
        var cluster = new SimulatedCluster();
        cluster.RunToRest();
        Assert.That(cluster.Status.Phase, Is.EqualTo("Available"));
        return cluster;
    }

    /// <summary>A candidate that serves its first step.</summary>
    public static SimulatedCluster Rolling()
    {
        var cluster = Serving();
        cluster.WantedHash = "b";
        cluster.RunToRest();
        Assert.That((cluster.Status.Step, cluster.Status.StepStartedAt), Is.EqualTo(("1/2", cluster.Now)));
        return cluster;
    }

    public static void Pass(SimulatedCluster cluster, int seconds)
    {
        cluster.Now += TimeSpan.FromSeconds(seconds);
        cluster.RunToRest();
    }

    public static (int Stable, int Candidate) Weights(SimulatedCluster cluster) =>
        (cluster.Status.Stable?.Weight ?? 0, cluster.Status.Candidate?.Weight ?? 0);

    public static string? Condition(SimulatedCluster cluster, string type) => cluster.Status.Conditions!.Single(c => c.Type == type).Status;

    public static string? Message(SimulatedCluster cluster, string type) => cluster.Status.Conditions!.Single(c => c.Type == type).Message;

    public static IEnumerable<string> Events(SimulatedCluster cluster) => cluster.Events.Select(e => e.Reason);

    public static void AssertServes(SimulatedCluster cluster, string revision, string phase) => Assert.Multiple(() =>
    {
        Assert.That(cluster.Status.Phase, Is.EqualTo(phase));
        Assert.That(cluster.Route, Is.EqualTo(new RouteArm[] { new(revision, ArmRole.Stable, 100) }));
        Assert.That(cluster.Rollout.Stable, Is.EqualTo(revision));
        Assert.That(cluster.Status.Candidate, Is.Null);
    });

    /// <summary>Annotates a command and lets the cluster follow.</summary>
    public static void Command(SimulatedCluster cluster, string annotation, string text)
    {
        cluster.Annotations[annotation] = text;
        cluster.RunToRest();
    }

    public static string LastEvent(SimulatedCluster cluster, string reason) => cluster.Events.Last(transition => transition.Reason == reason).Message;
}
