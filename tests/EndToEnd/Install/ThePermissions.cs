using System.Text;
using System.Text.Json.Nodes;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.RollbackPolicies;
using ModelOperator.Demo.Cluster;
using ModelOperator.Demo.Traffic;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.EndToEnd.Tests.Install;

/// <summary>The chart grants what is needed and nothing else, told by a cluster that enforces it and keeps an audit log.</summary>
[Category("OwnCluster")]
internal sealed class ThePermissions
{
    private InstalledCluster _cluster = null!;

    [OneTimeSetUp]
    public async Task Install()
    {
        _cluster = await InstalledCluster.StartAsync();
        await _cluster.Client.CreateAsync(new V1Secret
        {
            Metadata = new V1ObjectMeta { Name = "prometheus", NamespaceProperty = "default" },
            Data = new Dictionary<string, byte[]> { ["token"] = Encoding.UTF8.GetBytes("whatever") },
        });
        var prometheus = await _cluster.Client.GetAsync<V1Service>("prometheus", Installation.SystemNamespace);
        var policy = Digits.ErrorPolicy(Digits.Policy, minSamples: 10);
        policy.Spec.Prometheus = new PrometheusSource
        {
            Address = $"http://{prometheus!.Spec!.ClusterIP}:9090",
            SecretRef = new SecretReference { Name = "prometheus" },
        };
        await _cluster.Client.ApplyAsync(policy, fieldManager: "test");
    }

    [OneTimeTearDown]
    public async Task Remove() => await _cluster.DisposeAsync();

    [Test]
    public async Task Every_right_of_the_chart_is_used_and_none_is_missing()
    {
        await RollOutTwiceAsync();
        await LetAPodGetOtherBytesAsync();
        await ServeBehindAGatewayAndNoMoreAsync();

        var used = UsedRights.Read(_cluster.AuditLog!);
        var granted = (await GrantedAsync("operator")).Select(right => $"modeloperator {right}")
            .Concat((await GrantedAsync("router")).Select(right => $"modelrouter {right}")).ToHashSet();
        Assert.Multiple(() =>
        {
            Assert.That(used.Refused, Is.Empty, "rights that are missing");
            Assert.That(granted.Where(right => !IsUsed(right, used.Allowed)), Is.Empty, "rights that nobody uses");
        });
    }

    // An apply that finds nothing creates, and the log has only the patch. A list is what a server without streaming lists is asked for. The
    // right to an owner's finalizers is asked for by the server itself, for every object that is owned.
    private static bool IsUsed(string right, IReadOnlySet<string> used) =>
        used.Contains(right)
        || (right.Contains(" create ", StringComparison.Ordinal) && used.Contains(right.Replace(" create ", " patch ", StringComparison.Ordinal)))
        || (right.Contains(" list ", StringComparison.Ordinal) && used.Contains(right.Replace(" list ", " watch ", StringComparison.Ordinal)))
        || right.EndsWith("/finalizers", StringComparison.Ordinal);

    // Three revisions with room for one in the history: records are made, judged with a Secret's credentials, promoted by command, and trimmed.
    private async Task RollOutTwiceAsync()
    {
        await using var scene = new Scene(_cluster, "rights");
        await scene.ApplyAsync("v1", spec => spec.RevisionHistoryLimit = 1);
        await scene.UntilAsync("version 1 is Available", d => d is { Status: { Phase: "Available", Stable.Version: "v1" } });
        scene.Call(await _cluster.CallerAsync("rights"), HeldOutDigits.Load(_cluster.Repository.PathOf("samples", "digits", "heldout.json")));
        await scene.ApplyAsync("v2", spec => spec.RevisionHistoryLimit = 1);
        await scene.UntilAsync("version 2 gets a share", d => d is { Status.Candidate: { Revision: "rights-r2", Weight: > 0 } });
        await _cluster.Kubectl.RunAsync(CancellationToken.None, "annotate", "mdep", "rights", "modeloperator.io/promote=rights-r2");
        await scene.UntilAsync("version 2 is Available", d => d is { Status: { Phase: "Available", Stable.Version: "v2" } });
        await scene.ApplyAsync("v2", spec =>
        {
            spec.RevisionHistoryLimit = 1;
            (spec.Rollout!.Strategy, spec.Rollout.Steps) = ("Recreate", null);
            spec.Runtime!.Env = [new V1EnvVar { Name = "AGAIN", Value = "yes" }];
        });
        await scene.UntilAsync("the third revision is Available", d => d is { Status: { Phase: "Available", Stable.Revision: "rights-r3" } });
        await Eventually.IsTrueAsync(
            async () => await _cluster.Client.GetAsync<V1Alpha1ModelRevision>("rights-r1", "default") is null,
            "the first revision leaves the history",
            async () => await _cluster.Kubectl.RunAsync(CancellationToken.None, "get", "mrev"));
    }

    private async Task LetAPodGetOtherBytesAsync()
    {
        using var store = new TwoFacedStore(Model("v1"), Model("v2"));
        await using var scene = new Scene(_cluster, "twofaced");
        await scene.ApplyAsync("v1", spec => spec.Model.Uri = store.Uri);
        string? digest = null;
        await Eventually.IsTrueAsync(
            async () => (digest = (await _cluster.Client.GetAsync<V1Alpha1ModelRevision>("twofaced-r1", "default"))?.Status.Digest) is not null,
            "the bytes of the first pod are pinned",
            () => Task.FromResult<string?>(null));
        store.Settle(digest == Sha256(Model("v1")) ? Model("v1") : Model("v2"));
        await scene.UntilAsync("both pods serve the same bytes", d => d is { Status: { Phase: "Available", ReadyReplicas: 2 } });
    }

    private async Task ServeBehindAGatewayAndNoMoreAsync()
    {
        await _cluster.Kubectl.RunAsync(CancellationToken.None, "apply", "--server-side", "-f", _cluster.Repository.PathOf("tests", "Controller", "GatewayApi", "crds"));
        await _cluster.Kubectl.RunAsync(CancellationToken.None, "wait", "--for=condition=Established", "--timeout=30s", "crd", "--all");
        await _cluster.Kubectl.RunAsync(CancellationToken.None, "create", "namespace", "gateways");
        await _cluster.Kubectl.RunAsync(CancellationToken.None, "apply", "-f", _cluster.Repository.PathOf("tests", "EndToEnd", "Gateway", "gateway.yaml"));
        await using var scene = new Scene(_cluster, "gated");
        await scene.ApplyAsync("v1", spec => spec.Traffic = new TrafficSettings
        {
            Provider = "GatewayAPI",
            GatewayRef = new GatewayReference { Name = "public", Namespace = "gateways" },
            Hostnames = ["gated.example.com"],
        });
        await RoutesAreAsync("gated");
        await scene.ApplyAsync("v1");
        await RoutesAreAsync("");
    }

    private Task RoutesAreAsync(string expected)
    {
        Task<string> Names() => _cluster.Kubectl.RunAsync(CancellationToken.None, "get", "httproutes", "-o", "jsonpath={.items[*].metadata.name}");
        return Eventually.IsTrueAsync(
            async () => await Names() == expected, $"the routes are '{expected}'", async () => await Names() + await _cluster.Kubectl.RunAsync(CancellationToken.None, "get", "mdep", "-o", "wide"));
    }

    private static string Sha256(string path) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path)));

    private string Model(string version) => _cluster.Repository.PathOf("samples", "digits", version, "model.onnx");

    private async Task<IReadOnlyList<string>> GrantedAsync(string component)
    {
        var json = await _cluster.Kubectl.RunAsync(
            CancellationToken.None, "get", "clusterroles,roles", "-A", "-l", $"app.kubernetes.io/component={component}", "-o", "json");
        IEnumerable<string> Texts(JsonNode rule, string field) => rule[field]!.AsArray().Select(value => (string)value!);
        return
        [
            .. from role in JsonNode.Parse(json)!["items"]!.AsArray()
               from rule in role!["rules"]!.AsArray()
               from verb in Texts(rule!, "verbs")
               from @group in Texts(rule!, "apiGroups")
               from resource in Texts(rule!, "resources")
               select $"{verb} {@group}/{resource}",
        ];
    }
}
