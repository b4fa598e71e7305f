using ModelOperator.Router.Forwarding;
using ModelOperator.Router.Telemetry;

namespace ModelOperator.Router.Tests.Forwarding;

internal sealed class AttemptResultTests
{
    [TestCase(AttemptFailure.None, 101, AttemptOutcome.Ok)]
    [TestCase(AttemptFailure.None, 200, AttemptOutcome.Ok)]
    [TestCase(AttemptFailure.None, 304, AttemptOutcome.Ok)]
    [TestCase(AttemptFailure.None, 400, AttemptOutcome.ClientError)]
    [TestCase(AttemptFailure.None, 499, AttemptOutcome.ClientError)]
    [TestCase(AttemptFailure.None, 500, AttemptOutcome.Error)]
    [TestCase(AttemptFailure.None, 504, AttemptOutcome.Error)]
    [TestCase(AttemptFailure.Connection, 0, AttemptOutcome.Error)]
    [TestCase(AttemptFailure.Answer, 200, AttemptOutcome.Error)]
    [TestCase(AttemptFailure.Timeout, 0, AttemptOutcome.Timeout)]
    [TestCase(AttemptFailure.Timeout, 200, AttemptOutcome.Timeout)]
    [TestCase(AttemptFailure.Caller, 0, AttemptOutcome.ClientError)]
    [TestCase(AttemptFailure.Canceled, 0, AttemptOutcome.Canceled)]
    public void The_outcome_is_what_the_attempt_says_about_the_revision(AttemptFailure failure, int status, AttemptOutcome expected) =>
        Assert.That(new AttemptResult(failure, status).Outcome, Is.EqualTo(expected));

    [TestCase("abc-123", true)]
    [TestCase("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", true)]
    [TestCase("", false)]
    [TestCase("with space", false)]
    [TestCase("línea", false)]
    public void A_request_id_that_fits_is_kept(string given, bool kept) =>
        Assert.That(RequestIds.Of(given) == given, Is.EqualTo(kept));

    [Test]
    public void A_request_id_that_does_not_fit_is_replaced()
    {
        Assert.That(Guid.TryParse(RequestIds.Of(default), out _), Is.True);
        Assert.That(RequestIds.Of(new string('a', 129)), Has.Length.EqualTo(36));
        Assert.That(RequestIds.Of(new(["one", "two"])), Has.Length.EqualTo(36));
    }
}
