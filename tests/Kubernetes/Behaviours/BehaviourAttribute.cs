namespace ModelOperator.Kubernetes.Tests.Behaviours;

/// <summary>Marks a test as showing one of the <see cref="ExpectedBehaviours"/>.</summary>
internal sealed class BehaviourAttribute(int number) : PropertyAttribute(PropertyName, number)
{
    public const string PropertyName = "Behaviour";
}
