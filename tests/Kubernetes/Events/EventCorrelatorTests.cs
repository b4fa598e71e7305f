using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Behaviours;

namespace ModelOperator.Kubernetes.Tests.Events;

internal sealed class EventCorrelatorTests
{
    private static readonly DateTime Noon = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);
    private readonly EventCorrelator _correlator = new();

    [Test]
    public void The_same_occurrence_again_counts_the_event_up_that_was_written()
    {
        var first = Observe("web", "text", 0);
        _correlator.Written(first, "web.1");
        var second = Observe("web", "text", 1);

        Assert.That((first.ExistingName, first.Count), Is.EqualTo(((string?)null, 1)));
        Assert.That((second.ExistingName, second.Count), Is.EqualTo(((string?)"web.1", 2)));
    }

    [Test]
    public void An_occurrence_about_another_object_type_or_reason_is_another_event()
    {
        _correlator.Written(Observe("web", "text", 0), "web.1");

        Assert.That(Observe("other", "text", 1).ExistingName, Is.Null);
        Assert.That(Observe("web", "text", 1, EventType.Warning).ExistingName, Is.Null);
        Assert.That(Observe("web", "text", 1, reason: "Other").ExistingName, Is.Null);
    }

    [Test]
    [Behaviour(37)]
    public void From_the_tenth_different_text_on_they_share_one_event()
    {
        var decisions = Enumerable.Range(1, 12).Select(i => Observe("web", $"text {i}", i)).ToList();

        Assert.That(decisions.Take(9).Select(d => d.Message), Is.EqualTo(Enumerable.Range(1, 9).Select(i => $"text {i}")));
        Assert.That(decisions[9].Message, Is.EqualTo("(combined from similar events): text 10"));
        Assert.That(decisions.Skip(9).Select(d => d.Key).Distinct().Count(), Is.EqualTo(1));
        Assert.That(decisions[11].Count, Is.EqualTo(3));
    }

    [Test]
    [Behaviour(37)]
    public void After_ten_quiet_minutes_texts_are_told_one_by_one_again()
    {
        for (var i = 0; i < 15; i++)
        {
            Observe("web", $"text {i}", i);
        }

        Assert.That(Observe("web", "late", 14 + 600).Message, Does.StartWith("(combined"));
        Assert.That(Observe("web", "later", 14 + 600 + 601).Message, Is.EqualTo("later"));
    }

    [Test]
    [Behaviour(37)]
    public void An_object_gets_25_events_at_once_and_then_one_in_five_minutes()
    {
        var spam = Enumerable.Range(0, 30).Select(_ => Observe("web", "text", 0).IsSpam).ToList();
        Assert.That(spam.Count(isSpam => !isSpam), Is.EqualTo(25));
        Assert.That(Observe("other", "text", 0).IsSpam, Is.False, "another object has an allowance of its own");

        Assert.That(Observe("web", "text", 299).IsSpam, Is.True);
        Assert.That(Observe("web", "text", 300).IsSpam, Is.False);
        Assert.That(Observe("web", "text", 301).IsSpam, Is.True);
    }

    [Test]
    public void What_was_left_out_is_counted_all_the_same()
    {
        for (var i = 0; i < 40; i++)
        {
            Observe("web", "text", 0);
        }

        Assert.That(Observe("web", "text", 3000), Has.Property("Count").EqualTo(41).And.Property("IsSpam").False);
    }

    [Test]
    [Behaviour(37)]
    public void It_remembers_4096_objects_and_forgets_what_was_told_longest_ago()
    {
        for (var i = 0; i < EventCorrelator.Capacity + 1; i++)
        {
            _correlator.Written(Observe($"web-{i}", "text", 0), $"event-{i}");
        }

        Assert.That(Observe("web-1", "text", 1).ExistingName, Is.EqualTo("event-1"));
        Assert.That(Observe("web-0", "text", 1).ExistingName, Is.Null);
    }

    private EventDecision Observe(string name, string message, int second, EventType type = EventType.Normal, string reason = "Reason") =>
        _correlator.Observe(new EventOccurrence(
            new V1ObjectReference { Kind = "Deployment", NamespaceProperty = "default", Name = name, Uid = name }, type, reason, message, Noon.AddSeconds(second)));
}
