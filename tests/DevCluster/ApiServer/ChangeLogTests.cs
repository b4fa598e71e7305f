using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.Tests.ApiServer;

[TestFixture]
internal sealed class ChangeLogTests
{
    [Test]
    public void A_reader_gets_what_came_after_its_revision_in_order()
    {
        var log = Filled(capacity: 100, count: 40);

        Assert.That(log.ReadAfter(25).Changes.Select(change => change.Revision), Is.EqualTo(Enumerable.Range(26, 15)));
        Assert.That(log.ReadAfter(40).Changes, Is.Empty);
    }

    [Test]
    public void A_reader_behind_what_is_kept_is_told_so()
    {
        var log = Filled(capacity: 10, count: 25);

        Assert.That(log.ReadAfter(14).State, Is.EqualTo(ChangeLogState.Compacted));
        Assert.That(log.ReadAfter(15).Changes.Select(change => change.Revision), Is.EqualTo(Enumerable.Range(16, 10)));
    }

    [Test]
    public void A_closed_log_is_read_to_its_end_first()
    {
        var log = Filled(capacity: 10, count: 3);
        log.Close();

        Assert.That((log.ReadAfter(0).State, log.ReadAfter(3).State), Is.EqualTo((ChangeLogState.Current, ChangeLogState.Closed)));
    }

    [Test]
    public async Task Wakes_before_a_wait_are_one_and_are_not_lost()
    {
        var (log, signal) = (new ChangeLog(10), new ChangeSignal());
        log.Subscribe(signal);
        log.Wake();
        log.Wake();

        await signal.WaitAsync();

        Assert.That(signal.WaitAsync().AsTask().IsCompleted, Is.False);
    }

    private static ChangeLog Filled(int capacity, int count)
    {
        var log = new ChangeLog(capacity);
        for (var revision = 1; revision <= count; revision++)
        {
            log.Append(new Change(revision, ChangeType.Added, new StoredObject(new ObjectKey("", $"o{revision}"), revision, new JsonObject()), null));
        }

        return log;
    }
}
