namespace ModelOperator.Controller.Tests.Rollouts.Simulation;

internal sealed class SimulatedRouter
{
    public bool IsReady { get; set; } = true;

    /// <summary>The version of the route that it serves.</summary>
    public int Version { get; set; }
}
