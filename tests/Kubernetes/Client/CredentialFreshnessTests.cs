using FsCheck;
using FsCheck.Fluent;
using ModelOperator.Kubernetes.Client.Authentication;

namespace ModelOperator.Kubernetes.Tests.Client;

internal sealed class CredentialFreshnessTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    [Test]
    public void Nothing_in_hand_must_be_renewed() => Assert.That(CredentialFreshness.None.MustRenew(Noon), Is.True);

    [Test]
    public void A_credential_is_fresh_until_its_time()
    {
        var fresh = CredentialFreshness.None.Obtained(Noon.AddMinutes(1));

        Assert.That(fresh.MustRenew(Noon.AddSeconds(59)), Is.False);
        Assert.That(fresh.MustRenew(Noon.AddMinutes(1)), Is.True);
    }

    [Test]
    public void A_credential_without_a_time_is_fresh_until_it_is_refused()
    {
        var fresh = CredentialFreshness.None.Obtained(renewAt: null);

        Assert.That(fresh.MustRenew(DateTimeOffset.MaxValue), Is.False);
        Assert.That(fresh.Refused(fresh.Sequence).MustRenew(Noon), Is.True);
    }

    [Test]
    public void A_refusal_of_an_older_credential_says_nothing_about_the_one_in_hand()
    {
        var first = CredentialFreshness.None.Obtained(Noon.AddMinutes(1));
        var second = first.Obtained(Noon.AddMinutes(2));

        Assert.That(second.Refused(first.Sequence), Is.EqualTo(second));
    }

    [Test]
    public void A_failed_renewal_keeps_what_is_in_hand_until_the_next_try()
    {
        var kept = CredentialFreshness.None.Obtained(Noon).RenewalFailed(Noon.AddSeconds(10));

        Assert.That(kept.Phase, Is.EqualTo(CredentialPhase.Kept));
        Assert.That(kept.MustRenew(Noon.AddSeconds(9)), Is.False);
        Assert.That(kept.MustRenew(Noon.AddSeconds(10)), Is.True);
    }

    [Test]
    public void A_failed_renewal_of_a_refused_credential_leaves_it_refused()
    {
        var refused = CredentialFreshness.None.Obtained(renewAt: null).Refused(1);

        Assert.That(refused.RenewalFailed(Noon.AddSeconds(10)).MustRenew(Noon), Is.True);
    }

    [Test]
    public void Whatever_happens_a_fresh_credential_is_one_that_was_obtained_last_and_not_refused_since()
    {
        // 0: obtained for some seconds, 1: renewal failed, 2: the one in hand refused, 3: the one before it refused.
        var steps = Gen.Choose(0, 3).SelectMany(kind => Gen.Choose(0, 90).Select(seconds => (kind, seconds))).ListOf().ToArbitrary();
        Prop.ForAll(steps, history =>
        {
            var state = CredentialFreshness.None;
            var (obtained, isRefused) = (0L, false);
            foreach (var (kind, seconds) in history)
            {
                switch (kind)
                {
                    case 0:
                        state = state.Obtained(Noon.AddSeconds(seconds));
                        (obtained, isRefused) = (obtained + 1, false);
                        break;
                    case 1:
                        state = state.RenewalFailed(Noon.AddSeconds(seconds));
                        break;
                    case 2:
                        state = state.Refused(state.Sequence);
                        isRefused = obtained > 0;
                        break;
                    default:
                        state = state.Refused(state.Sequence - 1);
                        break;
                }
            }

            var mayUse = !state.MustRenew(DateTimeOffset.MinValue);
            return state.Sequence == obtained && mayUse == (obtained > 0 && !isRefused);
        }).QuickCheckThrowOnFailure();
    }
}
