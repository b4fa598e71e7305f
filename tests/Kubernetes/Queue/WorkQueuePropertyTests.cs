using FsCheck;
using FsCheck.Fluent;
using ModelOperator.Kubernetes.Queue;
using ModelOperator.TestSupport;

namespace ModelOperator.Kubernetes.Tests.Queue;

internal sealed class WorkQueuePropertyTests
{
    private static readonly Config Settings = Config.QuickThrowOnFailure.WithMaxTest(500).WithStartSize(5).WithEndSize(200).WithReplay(1, 3);

    private enum Operation
    {
        Add,
        AddAfter,
        Take,
        Finish,
        FinishWithFailure,
        Advance,
    }

    [Test]
    public void No_key_is_ever_with_two_workers_and_none_is_lost()
    {
        var step =
            from operation in Gen.Elements(Enum.GetValues<Operation>())
            from key in Gen.Choose(0, 4)
            from delay in Gen.Choose(0, 20)
            select (operation, key, delay);

        Check.One(Settings, Prop.ForAll(step.ListOf().ToArbitrary(), steps => Holds(steps)));
    }

    private static bool Holds(IEnumerable<(Operation Operation, int Key, int Delay)> steps)
    {
        var clock = new ManualTimeProvider();
        using var queue = new WorkQueue<int>(clock);
        var inHand = new HashSet<int>();
        var owed = new HashSet<int>();

        foreach (var (operation, key, delay) in steps)
        {
            switch (operation)
            {
                case Operation.Add:
                    queue.Add(key);
                    owed.Add(key);
                    break;
                case Operation.AddAfter:
                    queue.AddAfter(key, TimeSpan.FromMilliseconds(delay));
                    owed.Add(key);
                    break;
                case Operation.Take when queue.TryTake(out var taken):
                    if (!inHand.Add(taken))
                    {
                        return false;
                    }

                    owed.Remove(taken);
                    break;
                case Operation.Finish when inHand.Remove(key):
                    queue.Forget(key);
                    queue.Done(key);
                    break;
                case Operation.FinishWithFailure when inHand.Remove(key):
                    queue.AddRateLimited(key);
                    owed.Add(key);
                    queue.Done(key);
                    break;
                case Operation.Advance:
                    clock.Advance(TimeSpan.FromMilliseconds(delay));
                    break;
            }
        }

        // A key may be owed for an earlier delay than the one that brings it; what matters is that it comes.
        foreach (var key in inHand)
        {
            queue.Done(key);
        }

        clock.Advance(TimeSpan.FromSeconds(1000));
        var remaining = new HashSet<int>();
        while (queue.TryTake(out var taken))
        {
            if (!remaining.Add(taken))
            {
                return false;
            }
        }

        return owed.IsSubsetOf(remaining);
    }
}
