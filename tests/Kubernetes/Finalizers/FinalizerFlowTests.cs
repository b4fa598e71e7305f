using FsCheck;
using FsCheck.Fluent;
using ModelOperator.Kubernetes.Finalizers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Behaviours;

namespace ModelOperator.Kubernetes.Tests.Finalizers;

internal sealed class FinalizerFlowTests
{
    private const string Ours = "example.com/ours";
    private const string Second = "example.com/second";

    [Behaviour(38)]
    [TestCase(false, "", "Attach")]
    [TestCase(false, "a.io/other", "Attach")]
    [TestCase(false, "a.io/other,example.com/ours", "Nothing")]
    [TestCase(true, "example.com/ours", "Run")]
    [TestCase(true, "a.io/other,example.com/ours", "Run", Description = "ours need not stand first")]
    [TestCase(true, "a.io/other", "Nothing")]
    [TestCase(true, "", "Nothing", Description = "nothing is attached to what is being deleted")]
    public void The_step_follows_from_the_metadata(bool isDeleted, string finalizers, string expected) =>
        Assert.That($"{FinalizerFlow.Next(Metadata(isDeleted, finalizers), [Ours], Done()).Action}", Is.EqualTo(expected));

    [Test]
    public void What_has_cleaned_up_is_detached() =>
        Assert.That(FinalizerFlow.Next(Metadata(true, $"a.io/other,{Ours}"), [Ours], Done(Ours)), Is.EqualTo((FinalizerAction.Detach, Ours)));

    [Test]
    public void Several_run_one_after_the_other_in_the_order_of_registration() =>
        Assert.That(FinalizerFlow.Next(Metadata(true, $"{Second},{Ours}"), [Ours, Second], Done()), Is.EqualTo((FinalizerAction.Run, Ours)));

    [Test]
    [Behaviour(38)]
    public void The_patches_hold_only_for_the_list_that_was_seen() => Assert.Multiple(() =>
    {
        Assert.That(
            FinalizerFlow.Attach(Metadata(false, ""), Ours).ToJsonString(),
            Is.EqualTo("""[{"op":"test","path":"/metadata/uid","value":"u"},{"op":"test","path":"/metadata/finalizers","value":null},{"op":"add","path":"/metadata/finalizers","value":["example.com/ours"]}]"""));
        Assert.That(
            FinalizerFlow.Attach(Metadata(false, "a.io/other"), Ours).ToJsonString(),
            Is.EqualTo("""[{"op":"test","path":"/metadata/uid","value":"u"},{"op":"test","path":"/metadata/finalizers","value":["a.io/other"]},{"op":"add","path":"/metadata/finalizers/-","value":"example.com/ours"}]"""));
        Assert.That(
            FinalizerFlow.Detach(Metadata(true, $"a.io/other,{Ours}"), Ours).ToJsonString(),
            Is.EqualTo("""[{"op":"test","path":"/metadata/finalizers/1","value":"example.com/ours"},{"op":"remove","path":"/metadata/finalizers/1"}]"""));
    });

    [Test]
    public void Whatever_stands_in_the_list_every_entity_is_let_go_after_each_of_ours_has_run_once()
    {
        var lists = from finalizers in Gen.SubListOf<string>(["a.io/one", "b.io/two", Ours, Second]) from shuffled in Gen.Shuffle<string>([.. finalizers]) select shuffled;
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(1, 3), Prop.ForAll(lists.ToArbitrary(), list =>
        {
            var metadata = Metadata(true, string.Join(',', list));
            var (ran, done) = (new List<string>(), new HashSet<string>());
            while (FinalizerFlow.Next(metadata, [Ours, Second], done) is { Action: not FinalizerAction.Nothing } step)
            {
                if (step.Action == FinalizerAction.Run)
                {
                    ran.Add(step.Identifier!);
                    done.Add(step.Identifier!);
                }
                else
                {
                    metadata.Finalizers!.Remove(step.Identifier!);
                }
            }

            return ran.SequenceEqual(new[] { Ours, Second }.Where(list.Contains))
                && (metadata.Finalizers ?? []).SequenceEqual(list.Except([Ours, Second]));
        }));
    }

    private static HashSet<string> Done(params string[] identifiers) => [.. identifiers];

    private static V1ObjectMeta Metadata(bool isDeleted, string finalizers) => new()
    {
        Uid = "u",
        DeletionTimestamp = isDeleted ? new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc) : null,
        Finalizers = finalizers.Length == 0 ? null : [.. finalizers.Split(',')],
    };
}
