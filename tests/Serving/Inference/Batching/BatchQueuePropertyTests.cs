using FsCheck;
using FsCheck.Fluent;
using ModelOperator.Serving.Inference.Batching;

namespace ModelOperator.Serving.Tests.Inference.Batching;

/// <summary>The order of the queue, over random histories of arrivals, departures, callers that leave and time that passes.</summary>
internal sealed class BatchQueuePropertyTests
{
    private const int Slots = 2, MaxSize = 5;
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMilliseconds(10);
    private static readonly Config Settings = Config.QuickThrowOnFailure.WithMaxTest(2000).WithStartSize(5).WithEndSize(150).WithReplay(1, 3);

    private enum Event
    {
        Arrive,
        ArriveWithDeadline,
        Leave,
        Withdraw,
        Pass,
    }

    [Test]
    public void No_batch_is_too_large_mixed_or_out_of_turn_and_none_waits_that_may_leave()
    {
        var step =
            from happens in Gen.Frequency((4, Gen.Constant(Event.Arrive)), (1, Gen.Constant(Event.ArriveWithDeadline)),
                (3, Gen.Constant(Event.Leave)), (1, Gen.Constant(Event.Withdraw)), (1, Gen.Constant(Event.Pass)))
            from width in Gen.Choose(1, 3)
            from rows in Gen.Choose(1, MaxSize)
            from milliseconds in Gen.Choose(0, 12)
            select (happens, width, rows, milliseconds);

        Check.One(Settings, Prop.ForAll(step.ListOf().ToArbitrary(), steps => Holds(steps, MaxDelay) && Holds(steps, TimeSpan.Zero)));
    }

    private static bool Holds(IEnumerable<(Event Happens, int Width, int Rows, int Milliseconds)> steps, TimeSpan maxDelay)
    {
        var queue = new BatchQueue(new BatchSettings(MaxSize, maxDelay), new QueueSettings(int.MaxValue, TimeSpan.MaxValue), Slots);
        var waiting = new List<PendingRequest>();
        var (now, busy) = (TimeSpan.Zero, 0);
        foreach (var (happens, width, rows, milliseconds) in steps)
        {
            switch (happens)
            {
                case Event.Arrive or Event.ArriveWithDeadline:
                    var pending = new PendingRequest();
                    var deadline = happens == Event.Arrive ? TimeSpan.MaxValue : now + TimeSpan.FromMilliseconds(milliseconds + 1);
                    pending.Begin(Rows.Request(new float[rows], width, [0]), rows, now, deadline, _ => { }, CancellationToken.None);
                    queue.Add(pending);
                    waiting.Add(pending);
                    break;
                case Event.Leave when busy > 0:
                    queue.Leave(took: null);
                    busy--;
                    break;
                case Event.Withdraw when waiting.Count > 0:
                    var leaver = waiting[milliseconds % waiting.Count];
                    waiting.Remove(leaver);
                    if (!queue.Withdraw(leaver) || queue.Withdraw(leaver))
                    {
                        return false;
                    }
                    break;
                case Event.Pass:
                    now += TimeSpan.FromMilliseconds(milliseconds);
                    var due = waiting.FindAll(one => one.Deadline <= now);
                    if (!queue.Expire(now).OrderBy(one => one.Number).SequenceEqual(due))
                    {
                        return false;
                    }
                    due.ForEach(one => waiting.Remove(one));
                    break;
            }
            while (queue.Next(now) is { } batch)
            {
                if (!IsRight(batch, waiting, now, maxDelay) || ++busy > Slots)
                {
                    return false;
                }
                batch.Members.ForEach(member => waiting.Remove(member));
            }
            if (queue.Count != waiting.Count || (busy < Slots && MayLeave(waiting, now, maxDelay).Any()) || !WakesInTime(queue, waiting, now, maxDelay, busy))
            {
                return false;
            }
        }
        return true;
    }

    private static bool IsRight(Batch batch, List<PendingRequest> waiting, TimeSpan now, TimeSpan maxDelay)
    {
        var width = Width(batch.Leader);
        var line = waiting.FindAll(one => Width(one) == width);
        var next = line.Count > batch.Members.Count ? line[batch.Members.Count].Rows : int.MaxValue / 2;
        var rows = batch.Members.Sum(member => member.Rows);
        return rows <= MaxSize
            && rows + next > MaxSize
            && batch.Members.SequenceEqual(line.Take(batch.Members.Count))
            && MayLeave(waiting, now, maxDelay).MinBy(one => one.Number) == batch.Leader;
    }

    private static IEnumerable<PendingRequest> MayLeave(List<PendingRequest> waiting, TimeSpan now, TimeSpan maxDelay) => waiting
        .GroupBy(Width)
        .Where(line => line.Sum(one => one.Rows) >= MaxSize || now - line.First().Enqueued >= maxDelay)
        .Select(line => line.First());

    private static bool WakesInTime(BatchQueue queue, List<PendingRequest> waiting, TimeSpan now, TimeSpan maxDelay, int busy)
    {
        var needed = waiting.Select(one => one.Deadline).Where(deadline => deadline < TimeSpan.MaxValue)
            .Concat(busy < Slots ? waiting.Select(one => one.Enqueued + maxDelay) : []).DefaultIfEmpty(TimeSpan.MaxValue).Min();
        return needed == TimeSpan.MaxValue || (queue.Wake is { } wake && wake <= needed && needed >= now);
    }

    private static long Width(PendingRequest pending) => pending.Request.Inputs[0]!.Shape[1];
}
