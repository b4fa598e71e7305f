using FsCheck;
using FsCheck.Fluent;
using ModelOperator.Router.Failover;

namespace ModelOperator.Router.Tests.Failover;

internal sealed class CircuitStateTests
{
    [Test]
    public void It_opens_with_the_first_outcome_that_makes_most_of_the_remembered_ones_failures() =>
        Check.One(Config.QuickThrowOnFailure, Prop.ForAll<bool[]>(outcomes =>
        {
            var state = default(CircuitState);
            var isOpen = false;
            for (var i = 0; i < outcomes.Length; i++)
            {
                state = state.After(outcomes[i]);
                var remembered = outcomes[Math.Max(0, i + 1 - CircuitState.Window)..(i + 1)];
                isOpen |= remembered.Length >= CircuitState.LeastSeen && 2 * remembered.Count(failed => failed) > remembered.Length;
                if (state.IsOpen != isOpen)
                {
                    return false;
                }
            }
            return true;
        }));

    [Test]
    public void A_few_first_failures_are_no_evidence()
    {
        var state = default(CircuitState);
        for (var i = 0; i < CircuitState.LeastSeen - 1; i++)
        {
            state = state.After(failed: true);
        }
        Assert.That(state.IsOpen, Is.False);
        Assert.That(state.After(failed: true).IsOpen, Is.True);
    }

    [Test]
    public void Half_the_requests_failing_is_left_to_the_operator()
    {
        var state = default(CircuitState);
        for (var i = 0; i < 1000; i++)
        {
            state = state.After(failed: i % 2 == 1);
        }
        Assert.That(state.IsOpen, Is.False);
    }

    [Test]
    public void A_candidate_that_turns_bad_late_is_found_out_within_the_window()
    {
        var state = default(CircuitState);
        for (var i = 0; i < 10_000; i++)
        {
            state = state.After(failed: false);
        }
        var needed = 0;
        while (!state.IsOpen)
        {
            state = state.After(failed: true);
            needed++;
        }
        Assert.That(needed, Is.EqualTo((CircuitState.Window / 2) + 1));
    }

    [Test]
    public void Nothing_but_a_new_one_closes_it()
    {
        var state = new CircuitState(IsOpen: true, 0, 0);
        for (var i = 0; i < 100; i++)
        {
            state = state.After(failed: false);
        }
        Assert.That(state.IsOpen, Is.True);
    }
}
