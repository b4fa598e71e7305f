namespace ModelOperator.Controller.Tests.ModelDeployments.Fakes;

internal sealed class ProcessKilledException : Exception;
