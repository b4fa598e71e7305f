using System.Reflection;
using ModelOperator.Api.Conventions;
using ModelOperator.Controller.Rollouts;

namespace ModelOperator.Controller.Tests.Rollouts;

internal sealed class RolloutStateTests
{
    [Test]
    public void The_names_that_clients_read_in_a_status_are_those_of_the_states() => Assert.That(
        typeof(RolloutStates).GetFields(BindingFlags.Public | BindingFlags.Static).Select(field => field.GetRawConstantValue()),
        Is.EquivalentTo(Enum.GetNames<RolloutState>()));
}
