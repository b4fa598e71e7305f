using System.Reflection;

namespace ModelOperator.Kubernetes.Tests.Behaviours;

internal sealed class BehaviourTests
{
    [Test]
    public void Each_of_the_forty_behaviours_has_a_test()
    {
        Assert.That(ExpectedBehaviours.All.Keys, Is.EqualTo(Enumerable.Range(1, 40)));
        Assert.That(Marked(), Is.EquivalentTo(ExpectedBehaviours.All.Keys));
    }

    private static HashSet<int> Marked() =>
    [
        .. typeof(BehaviourTests).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance))
            .SelectMany(method => method.GetCustomAttributes<BehaviourAttribute>())
            .Select(mark => (int)mark.Properties[BehaviourAttribute.PropertyName]![0]!),
    ];
}
