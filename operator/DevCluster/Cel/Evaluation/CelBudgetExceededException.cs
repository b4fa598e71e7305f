namespace ModelOperator.DevCluster.Cel.Evaluation;

/// <summary>Ends an evaluation; unlike an error value no operator absorbs it.</summary>
internal sealed class CelBudgetExceededException() : Exception("operation cancelled: actual cost limit exceeded: the rule exceeded budget");
