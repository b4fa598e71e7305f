using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;
using ModelOperator.TestSupport;

namespace ModelOperator.Kubernetes.Tests.Events;

internal sealed class EventPublisherTests
{
    private readonly FakeCluster _cluster = new();

    [Test]
    public async Task The_same_transition_is_told_once_and_another_one_again()
    {
        var publisher = new EventPublisher(_cluster, "modeloperator", new ManualTimeProvider());
        var about = _cluster.Put(new V1Deployment { Metadata = new V1ObjectMeta { Name = "web", NamespaceProperty = "default" } });

        await publisher.PublishAsync(about, EventType.Warning, "RolledBack", "errors", "r2", CancellationToken.None);
        await new EventPublisher(_cluster, "modeloperator", new ManualTimeProvider())
            .PublishAsync(about, EventType.Warning, "RolledBack", "errors", "r2", CancellationToken.None);
        await publisher.PublishAsync(about, EventType.Warning, "RolledBack", "errors", "r3", CancellationToken.None);

        var events = (await _cluster.ListAsync<Corev1Event>()).Items;
        Assert.That(events, Has.Count.EqualTo(2));
        Assert.Multiple(() =>
        {
            Assert.That(events[0].InvolvedObject?.Kind, Is.EqualTo("Deployment"));
            Assert.That(events[0].InvolvedObject?.Uid, Is.EqualTo(about.Uid()));
            Assert.That(events[0].Type, Is.EqualTo("Warning"));
            Assert.That(events[0].Namespace(), Is.EqualTo("default"));
            Assert.That(events[0].LastTimestamp, Is.EqualTo(new DateTime(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc)));
        });
    }

    [Test]
    public async Task Long_texts_are_cut_to_what_the_API_takes()
    {
        var publisher = new EventPublisher(_cluster, "modeloperator", new ManualTimeProvider());
        var about = _cluster.Put(new V1Node { Metadata = new V1ObjectMeta { Name = new string('n', 253) } });

        await publisher.PublishAsync(about, EventType.Normal, "Reason", new string('m', 5000), "t", CancellationToken.None);

        var written = (await _cluster.ListAsync<Corev1Event>()).Items.Single();
        Assert.That(written.Message, Has.Length.EqualTo(1024));
        Assert.That(written.Name(), Has.Length.EqualTo(253));
        Assert.That(written.Namespace(), Is.EqualTo("default"));
    }

    [Test]
    public void A_server_that_cannot_be_reached_is_told_to_the_caller()
    {
        using var client = new KubernetesClient(new KubernetesClientConfiguration { Server = new Uri("http://127.0.0.1:1") });
        var publisher = new EventPublisher(client, "modeloperator", TimeProvider.System);
        var about = new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "a", NamespaceProperty = "default" } };

        Assert.That(
            async () => await publisher.PublishAsync(about, EventType.Normal, "Reason", "text", "t", CancellationToken.None),
            Throws.InstanceOf<HttpRequestException>());
    }
}
