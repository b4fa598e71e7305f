using System.Globalization;
using System.Text;

namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>A duration as Kubernetes' messages write it, for example <c>2m40s</c>.</summary>
internal static class GoDuration
{
    public static string Format(TimeSpan duration)
    {
        if (duration < TimeSpan.FromSeconds(1))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{duration.TotalMilliseconds:0.###}ms");
        }

        var text = new StringBuilder();
        if (duration >= TimeSpan.FromHours(1))
        {
            text.Append(CultureInfo.InvariantCulture, $"{(int)duration.TotalHours}h");
        }

        if (duration >= TimeSpan.FromMinutes(1))
        {
            text.Append(CultureInfo.InvariantCulture, $"{duration.Minutes}m");
        }

        var seconds = duration.TotalSeconds % 60;
        return text.Append(CultureInfo.InvariantCulture, $"{seconds:0.###}s").ToString();
    }
}
