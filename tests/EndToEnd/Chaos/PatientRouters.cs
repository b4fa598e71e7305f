using System.Text.Json.Nodes;

namespace ModelOperator.EndToEnd.Tests.Chaos;

/// <summary>How the quickstart's routers are set for these tests: patience that a busy machine does not wear out, and a candidate that is given up soon.</summary>
internal static class PatientRouters
{
    /// <summary>A strategic merge patch of the Deployment.</summary>
    public static JsonObject Patch(int replicas) => new()
    {
        ["spec"] = new JsonObject
        {
            ["replicas"] = replicas,
            ["template"] = new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["terminationGracePeriodSeconds"] = 60,
                    ["containers"] = new JsonArray(new JsonObject
                    {
                        ["name"] = "router",
                        ["env"] = new JsonArray(
                            Variable("ROUTER_TIMEOUT", "2m"),
                            Variable("ROUTER_CANDIDATE_TIMEOUT", $"{Mishaps.CandidateTimeout.TotalSeconds:0}s"),
                            Variable("ROUTER_DRAIN", "8s")),
                    }),
                },
            },
        },
    };

    private static JsonObject Variable(string name, string value) => new() { ["name"] = name, ["value"] = value };
}
