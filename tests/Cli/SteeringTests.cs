using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Tests.Harness;

namespace ModelOperator.Cli.Tests;

internal sealed class SteeringTests
{
    private string _namespace = "";

    [SetUp]
    public async Task Load() => _namespace = await TestedCluster.NamespaceAsync("progressing", "baking", "rolledback", "degraded", "paused");

    [TestCase("digits", "promote", "digits-r2@1")]
    [TestCase("faces", "promote", "faces-r2")]
    [TestCase("digits", "abort", "digits-r2")]
    [TestCase("faces", "abort", "faces-r2")]
    [TestCase("faces", "rollback", "faces-r1")]
    [TestCase("digits", "rollback", "digits-r1")]
    [TestCase("spam", "retry", "spam-r2")]
    public async Task A_command_is_written_for_what_is_under_way_and_its_record_is_told(string deployment, string verb, string expected)
    {
        var following = PretendedOperator.FollowAsync(_namespace, deployment, verb);
        var result = await TestedCluster.RunAsync(_namespace, verb, deployment, "--reason", "because I say so", "--timeout", "60s");
        Assert.That(result.Exit, Is.EqualTo(ExitCode.Ok), result.Error);
        var (text, reason) = await following;
        Assert.That(text.Split('#')[0], Is.EqualTo(expected));
        Assert.That(text.Split('#')[1], Has.Length.EqualTo(8));
        Assert.That(reason, Is.EqualTo("because I say so"));
        Assert.That(result.Output, Is.EqualTo($"{deployment}: {verb} {expected.Split('@')[0]} is followed, recorded as by kubectl-model; done\n"));
    }

    [Test]
    public async Task A_command_without_a_reason_does_not_get_that_of_the_last_one()
    {
        var first = PretendedOperator.FollowAsync(_namespace, "digits", "promote");
        await TestedCluster.RunAsync(_namespace, "promote", "digits", "--reason", "old", "--timeout", "60s");
        await first;
        var second = PretendedOperator.FollowAsync(_namespace, "digits", "abort");
        await TestedCluster.RunAsync(_namespace, "abort", "digits", "--timeout", "60s");
        Assert.That((await second).Reason, Is.Null);
    }

    [Test]
    public async Task What_the_operator_refuses_is_told_in_its_words()
    {
        var refusing = PretendedOperator.RefuseAsync(_namespace, "digits", "promote", "step 2 is under way");
        var result = await TestedCluster.RunAsync(_namespace, "promote", "digits", "--timeout", "60s");
        await refusing;
        Assert.That(result.Exit, Is.EqualTo(ExitCode.Refused));
        Assert.That(result.Error, Does.Contain("does nothing: step 2 is under way"));
    }

    [Test]
    public async Task Without_an_operator_the_wait_ends_and_says_how_to_take_the_command_back()
    {
        var result = await TestedCluster.RunAsync(_namespace, "abort", "digits", "--timeout", "1s");
        Assert.That(result.Exit, Is.EqualTo(ExitCode.TimedOut));
        Assert.That(result.Error, Does.Contain($"kubectl annotate mdep digits -n {_namespace} modeloperator.io/abort-"));
    }

    [TestCase("promote-expect", "promote", "digits", "--expect-step", "2")]
    [TestCase("promote-rolledback", "promote", "spam")]
    [TestCase("promote-degraded", "promote", "voice")]
    [TestCase("abort-degraded", "abort", "voice")]
    [TestCase("abort-rolledback", "abort", "spam")]
    [TestCase("resume-approval", "resume", "taxi")]
    [TestCase("resume-running", "resume", "digits")]
    [TestCase("retry-running", "retry", "digits")]
    [TestCase("retry-baking", "retry", "faces")]
    [TestCase("rollback-first", "rollback", "spam")]
    [TestCase("rollback-unknown", "rollback", "spam", "--to", "spam-r9")]
    [TestCase("rollback-rejected", "rollback", "spam", "--to", "spam-r2")]
    [TestCase("rollback-other", "rollback", "digits", "--to", "digits-r2")]
    [TestCase("steer-missing", "abort", "digts")]
    public async Task What_makes_no_sense_is_refused_before_it_is_written(string golden, params string[] arguments)
    {
        Golden.Check(golden, await TestedCluster.RunAsync(_namespace, arguments));
        var annotations = await TestedCluster.RunAsync(_namespace, "get", "-o", "json");
        Assert.That(annotations.Output, Does.Not.Contain("modeloperator.io/promote").And.Not.Contain("modeloperator.io/abort"));
    }

    [Test]
    public async Task Pause_and_resume_change_the_spec()
    {
        var paused = await TestedCluster.RunAsync(_namespace, "pause", "digits", "--no-wait");
        Assert.That(paused.Output, Is.EqualTo("digits: pause is written\n"), paused.Error);
        Assert.That((await TestedCluster.RunAsync(_namespace, "pause", "digits")).Exit, Is.EqualTo(ExitCode.Refused));
        Assert.That((await TestedCluster.RunAsync(_namespace, "promote", "digits")).Exit, Is.EqualTo(ExitCode.Refused));
        var resumed = await TestedCluster.RunAsync(_namespace, "resume", "digits", "--no-wait");
        Assert.That(resumed.Output, Is.EqualTo("digits: resume is written\n"), resumed.Error);
    }
}
