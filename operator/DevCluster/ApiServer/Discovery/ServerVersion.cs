using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.ApiServer.Discovery;

/// <summary>The Kubernetes version whose API this server speaks.</summary>
internal static class ServerVersion
{
    public const string GitVersion = "v1.36.0";

    public static JsonObject Document { get; } = new()
    {
        ["major"] = "1",
        ["minor"] = "36",
        ["gitVersion"] = $"{GitVersion}+devcluster",
        ["gitCommit"] = "",
        ["gitTreeState"] = "clean",
        ["buildDate"] = "1970-01-01T00:00:00Z",
        ["goVersion"] = "",
        ["compiler"] = RuntimeInformation.FrameworkDescription,
        ["platform"] = $"linux/{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}",
    };
}
