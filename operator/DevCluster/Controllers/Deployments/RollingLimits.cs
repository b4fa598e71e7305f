using System.Globalization;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.Deployments;

/// <summary>How far a rolling update may go from the wanted number of pods.</summary>
internal readonly record struct RollingLimits(int MaxSurge, int MaxUnavailable)
{
    private static readonly IntstrIntOrString Default = "25%";

    /// <summary>
    /// The limits of a Deployment. Percentages round up for surge and down for unavailable; when both come to zero, one pod
    /// may be unavailable, or the update could not move.
    /// </summary>
    public static RollingLimits Of(DeploymentSpec spec)
    {
        if (spec.Strategy?.Type == "Recreate")
        {
            return default;
        }

        var replicas = spec.Replicas ?? 1;
        var rolling = spec.Strategy?.RollingUpdate;
        var surge = Resolve(rolling?.MaxSurge ?? Default, replicas, roundUp: true);
        var unavailable = Resolve(rolling?.MaxUnavailable ?? Default, replicas, roundUp: false);
        return new RollingLimits(surge, surge == 0 && unavailable == 0 ? 1 : Math.Min(unavailable, replicas));
    }

    private static int Resolve(IntstrIntOrString value, int total, bool roundUp)
    {
        if (value.AsInteger() is { } number)
        {
            return Math.Max(0, number);
        }

        var percent = value.Value.EndsWith('%')
            && int.TryParse(value.Value.AsSpan()[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var parsed)
                ? parsed
                : throw new FormatException($"\"{value.Value}\" is neither a number nor a percentage");
        return (int)(roundUp ? Math.Ceiling(percent * total / 100m) : Math.Floor(percent * total / 100m));
    }
}
