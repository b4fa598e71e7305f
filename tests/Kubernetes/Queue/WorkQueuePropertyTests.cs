using FsCheck;
using FsCheck.Fluent;
using ModelOperator.Kubernetes.Queue;
using ModelOperator.Kubernetes.Tests.Behaviours;
using ModelOperator.TestSupport;

namespace ModelOperator.Kubernetes.Tests.Queue;

/// <summary>The queue against a model that is too simple to be wrong, over random histories.</summary>
internal sealed class WorkQueuePropertyTests
{
    private static readonly Config Settings = Config.QuickThrowOnFailure.WithMaxTest(1000).WithStartSize(5).WithEndSize(200).WithReplay(1, 3);

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
    [Behaviour(17)]
    [Behaviour(23)]
    public void No_key_is_ever_with_two_workers_twice_in_line_out_of_turn_or_lost()
    {
        var step =
            from operation in Gen.Elements(Enum.GetValues<Operation>())
            from key in Gen.Choose(0, 4)
            from delay in Gen.Choose(0, 20)
            from priority in Gen.Elements(QueuePriority.Normal, QueuePriority.Low, 7)
            select (operation, key, delay, priority);

        Check.One(Settings, Prop.ForAll(step.ListOf().ToArbitrary(), Holds));
    }

    private static bool Holds(IEnumerable<(Operation Operation, int Key, int Delay, int Priority)> steps)
    {
        var clock = new ManualTimeProvider();
        using var queue = new WorkQueue<int>(clock);
        var model = new QueueModel();
        foreach (var (operation, key, delay, priority) in steps)
        {
            switch (operation)
            {
                case Operation.Add:
                    queue.Add(key, priority);
                    model.Add(key, priority);
                    break;
                case Operation.AddAfter:
                    queue.AddAfter(key, TimeSpan.FromMilliseconds(delay), priority);
                    model.AddAfter(key, delay, priority);
                    break;
                case Operation.Take:
                    var hasKey = queue.TryTake(out var taken);
                    if (!model.Allows(hasKey, taken))
                    {
                        return false;
                    }

                    break;
                case Operation.Finish when model.IsInHand(key):
                    queue.Forget(key);
                    queue.Done(key);
                    model.Forget(key);
                    model.Done(key);
                    break;
                case Operation.FinishWithFailure when model.IsInHand(key):
                    queue.AddRateLimited(key);
                    queue.Done(key);
                    model.AddRateLimited(key);
                    model.Done(key);
                    break;
                case Operation.Advance:
                    clock.Advance(TimeSpan.FromMilliseconds(delay));
                    model.Advance(delay);
                    break;
            }

            if (queue.Count != model.ReadyCount)
            {
                return false;
            }
        }

        return true;
    }
}
