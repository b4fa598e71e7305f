using ModelOperator.Router.Failover;
using ModelOperator.Router.Forwarding;

namespace ModelOperator.Router.Tests.Failover;

internal sealed class RetryPolicyTests
{
    private static readonly AttemptResult Ok = new(AttemptFailure.None, 200);
    private static readonly AttemptResult Refused = new(AttemptFailure.Connection, 0);

    private static readonly AttemptResult[] Failures =
    [
        Refused, new(AttemptFailure.Answer, 200), new(AttemptFailure.Timeout, 0), new(AttemptFailure.None, 500, WithheldAnswer: true),
        new(AttemptFailure.None, 503, WithheldAnswer: true),
    ];

    private static readonly AttemptResult[] NotTheModelsFault =
        [Ok, new(AttemptFailure.None, 404), new(AttemptFailure.None, 429), new(AttemptFailure.Caller, 0), new(AttemptFailure.Canceled, 0)];

    [TestCaseSource(nameof(Failures))]
    public void A_candidate_that_fails_in_any_way_is_answered_for_by_stable(AttemptResult failure) =>
        Assert.That(RetryPolicy.After(new RetryQuestion(failure, CanFailOver: true, CanSendAgain: true, WasSameArmRetry: false)), Is.EqualTo(Retry.OnStable));

    [TestCaseSource(nameof(NotTheModelsFault))]
    public void What_is_not_the_models_failure_is_not_tried_again(AttemptResult result)
    {
        Assert.That(RetryPolicy.After(new RetryQuestion(result, true, true, false)), Is.EqualTo(Retry.None));
        Assert.That(RetryPolicy.After(new RetryQuestion(result, false, true, false)), Is.EqualTo(Retry.None));
    }

    [TestCaseSource(nameof(Failures))]
    public void Nothing_is_sent_again_when_it_cannot_be(AttemptResult failure) =>
        Assert.That(RetryPolicy.After(new RetryQuestion(failure, CanFailOver: true, CanSendAgain: false, WasSameArmRetry: false)), Is.EqualTo(Retry.None));

    [Test]
    public void A_connection_that_fails_on_stable_is_tried_once_more_elsewhere()
    {
        Assert.That(RetryPolicy.After(new RetryQuestion(Refused, false, true, WasSameArmRetry: false)), Is.EqualTo(Retry.OnOtherEndpoint));
        Assert.That(RetryPolicy.After(new RetryQuestion(Refused, false, true, WasSameArmRetry: true)), Is.EqualTo(Retry.None));
    }

    [Test]
    public void Stable_that_answered_badly_or_slowly_is_not_asked_again()
    {
        foreach (var failure in Failures.Where(failure => failure.Failure != AttemptFailure.Connection))
        {
            Assert.That(RetryPolicy.After(new RetryQuestion(failure, false, true, false)), Is.EqualTo(Retry.None), $"{failure}");
        }
    }
}
