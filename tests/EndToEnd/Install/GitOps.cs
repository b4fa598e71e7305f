using System.Text;
using System.Text.Json.Nodes;
using KeraLua;
using ModelOperator.Demo.Cluster;

namespace ModelOperator.EndToEnd.Tests.Install;

/// <summary>What the sample repository promises: manifests that build, and health as Argo CD reads it.</summary>
[Category("OwnCluster")]
internal sealed class GitOps
{
    private static readonly Repository Repository = Repository.Find();

    [TestCase("Ready", ExpectedResult = "Healthy")]
    [TestCase("Reconciling", ExpectedResult = "Progressing")]
    [TestCase("Reconciling,Paused", ExpectedResult = "Suspended")]
    [TestCase("Stalled,RolledBack", ExpectedResult = "Degraded")]
    [TestCase("", ExpectedResult = "Degraded")]
    public string Argo_CD_reads_health_from_the_conditions(string holding)
    {
        var conditions = new JsonArray([.. holding.Split(',').Select(type => new JsonObject { ["type"] = type, ["status"] = "True" })]);
        return Health(new JsonObject
        {
            ["metadata"] = new JsonObject { ["generation"] = 2 },
            ["status"] = new JsonObject { ["observedGeneration"] = 2, ["message"] = "as it is", ["conditions"] = conditions },
        });
    }

    [Test]
    public void What_the_operator_has_not_seen_yet_is_progressing() => Assert.Multiple(() =>
    {
        Assert.That(Health(new JsonObject { ["metadata"] = new JsonObject { ["generation"] = 1 } }), Is.EqualTo("Progressing"));
        Assert.That(
            Health(new JsonObject
            {
                ["metadata"] = new JsonObject { ["generation"] = 3 },
                ["status"] = new JsonObject
                {
                    ["observedGeneration"] = 2,
                    ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }),
                },
            }),
            Is.EqualTo("Progressing"));
    });

    [Test]
    public void The_config_map_holds_the_same_script()
    {
        var script = File.ReadAllLines(Sample("argocd", "modeldeployment-health.lua"));
        var packed = File.ReadAllLines(Sample("argocd", "argocd-cm.yaml")).SkipWhile(line => !line.EndsWith('|')).Skip(1);

        Assert.That(packed.Select(line => line.Trim()), Is.EqualTo(script.Select(line => line.Trim())));
    }

    [TestCase("staging", "hold: 30s")]
    [TestCase("production", "hold: approval")]
    public async Task Every_environment_builds(string environment, string difference)
    {
        var manifests = await new Kubectl("/dev/null").RunAsync(CancellationToken.None, "kustomize", Sample("environments", environment));

        Assert.That(manifests, Does.Contain("kind: ModelDeployment").And.Contain($"namespace: {environment}").And.Contain(difference));
    }

    private static string Sample(params string[] parts) => Repository.PathOf(["samples", "gitops", .. parts]);

    // As Argo CD does: the object is a global named obj, the script returns a table.
    private static string Health(JsonObject obj)
    {
        using var lua = new Lua();
        lua.Encoding = Encoding.UTF8;
        var script = $"obj = {Literal(obj)}\n{File.ReadAllText(Sample("argocd", "modeldeployment-health.lua"))}";
        Assert.That(lua.DoString(script), Is.False, () => lua.ToString(-1));
        lua.GetField(-1, "status");
        return lua.ToString(-1);
    }

    private static string Literal(JsonNode? node) => node switch
    {
        JsonObject map => "{" + string.Join(',', map.Select(field => $"[\"{field.Key}\"]={Literal(field.Value)}")) + "}",
        JsonArray list => "{" + string.Join(',', list.Select(Literal)) + "}",
        _ => node?.ToJsonString() ?? "nil",
    };
}
