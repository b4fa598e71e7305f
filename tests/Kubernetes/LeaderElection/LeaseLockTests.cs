using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.LeaderElection;
using ModelOperator.Kubernetes.Tests.Events;
using ModelOperator.Kubernetes.Tests.Fakes;

namespace ModelOperator.Kubernetes.Tests.LeaderElection;

internal sealed class LeaseLockTests
{
    private const string Stored = """
        {"apiVersion":"coordination.k8s.io/v1","kind":"Lease",
         "metadata":{"name":"operator","namespace":"system","uid":"u","resourceVersion":"7","labels":{"team":"ml"}},
         "spec":{"holderIdentity":null,"leaseDurationSeconds":null,"acquireTime":null,"renewTime":null,"leaseTransitions":null}}
        """;

    private static readonly DateTime Noon = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);
    private static readonly LeaderElectionSettings Settings = new() { LeaseName = "operator", LeaseNamespace = "system", Identity = "me" };

    [Test]
    public async Task A_lease_full_of_nulls_is_read_and_written_with_its_version_and_labels_kept()
    {
        await using var api = await FakeApi.StartAsync();
        using var client = api.CreateClient();
        var events = new RecordedEvents();
        var leaseLock = new LeaseLock(client, Settings, events);
        api.Reply(Answer.Json(Stored));
        api.Reply(Answer.Json(Stored.Replace("\"7\"", "\"8\"", StringComparison.Ordinal)));

        var seen = await leaseLock.GetAsync(CancellationToken.None);
        Assert.That(seen, Is.EqualTo(new LeaseVersion(new LeaseRecord("", null, null, null, 0), "7")));
        var written = await leaseLock.ReplaceAsync(new LeaseRecord("me", TimeSpan.FromSeconds(15), Noon, Noon, 1), "7", CancellationToken.None);
        leaseLock.Tell("me became leader");

        Assert.That(written.ResourceVersion, Is.EqualTo("8"));
        var put = api.Requests.Last();
        Assert.That((put.Method, put.Path), Is.EqualTo(("PUT", "/apis/coordination.k8s.io/v1/namespaces/system/leases/operator")));
        var body = JsonNode.Parse(put.Body)!;
        Assert.Multiple(() =>
        {
            Assert.That((string?)body["metadata"]!["resourceVersion"], Is.EqualTo("7"));
            Assert.That((string?)body["metadata"]!["labels"]!["team"], Is.EqualTo("ml"));
            Assert.That(
                body["spec"]!.ToJsonString(),
                Is.EqualTo("""{"holderIdentity":"me","leaseDurationSeconds":15,"acquireTime":"2026-01-01T12:00:00.000000Z","renewTime":"2026-01-01T12:00:00.000000Z","leaseTransitions":1}"""));
            Assert.That(events.Texts, Is.EqualTo(new[] { "Normal LeaderElection operator: me became leader" }));
        });
    }

    [Test]
    public async Task A_lease_that_does_not_exist_is_made()
    {
        await using var api = await FakeApi.StartAsync();
        using var client = api.CreateClient();
        var leaseLock = new LeaseLock(client, Settings, new RecordedEvents());
        api.Reply(Answer.Refusal(404, "NotFound", "no lease"));
        api.Reply(Answer.Json(Stored, 201));

        Assert.That(await leaseLock.GetAsync(CancellationToken.None), Is.Null);
        await leaseLock.CreateAsync(new LeaseRecord("me", TimeSpan.FromSeconds(15), Noon, Noon, 0), CancellationToken.None);

        Assert.That((api.Requests.Last().Method, api.Requests.Last().Path), Is.EqualTo(("POST", "/apis/coordination.k8s.io/v1/namespaces/system/leases")));
    }

    [Test]
    public async Task A_write_in_an_old_version_is_a_conflict()
    {
        await using var api = await FakeApi.StartAsync();
        using var client = api.CreateClient();
        var leaseLock = new LeaseLock(client, Settings, new RecordedEvents());
        api.Reply(Answer.Json(Stored));
        api.Reply(Answer.Refusal(409, "Conflict", "modified"));
        await leaseLock.GetAsync(CancellationToken.None);

        Assert.That(
            async () => await leaseLock.ReplaceAsync(new LeaseRecord("me", null, null, null, 0), "6", CancellationToken.None),
            Throws.InstanceOf<KubernetesException>().With.Property("IsConflict").True);
    }
}
