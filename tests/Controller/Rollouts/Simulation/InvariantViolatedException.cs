namespace ModelOperator.Controller.Tests.Rollouts.Simulation;

internal sealed class InvariantViolatedException(string message) : Exception(message);
