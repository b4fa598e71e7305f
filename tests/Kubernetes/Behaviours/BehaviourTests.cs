using System.Reflection;

namespace ModelOperator.Kubernetes.Tests.Behaviours;

internal sealed class BehaviourTests
{
    [Test]
    public void Every_mark_names_an_expected_behaviour() =>
        Assert.That(Marked(), Is.Not.Empty.And.SubsetOf(ExpectedBehaviours.All.Keys));

    private static HashSet<int> Marked() =>
    [
        .. typeof(BehaviourTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance))
            .SelectMany(method => method.GetCustomAttributes<BehaviourAttribute>())
            .Select(mark => (int)mark.Properties[BehaviourAttribute.PropertyName]![0]!),
    ];
}
