using ModelOperator.Demo.Cluster;

namespace ModelOperator.EndToEnd.Tests.Install;

/// <summary>The chart of this checkout, and what it can be told.</summary>
internal static class Chart
{
    /// <summary>Turns on everything that is off by default.</summary>
    public const string Everything =
        "networkPolicy.enabled=true,router.autoscaling.enabled=true,monitoring.podMonitor.enabled=true,"
        + "monitoring.prometheusRule.enabled=true,monitoring.grafanaDashboard.enabled=true";

    public static string Path { get; } = Repository.Find().PathOf("charts", "modeloperator");

    /// <summary>Renders it without a cluster.</summary>
    public static Task<string> RenderAsync(params string[] arguments) =>
        new Helm("/dev/null").RunAsync(CancellationToken.None, ["template", "modeloperator", Path, "--namespace", Installation.SystemNamespace, .. arguments]);
}
