using ModelOperator.DevCluster.Cel.Evaluation;
using ModelOperator.DevCluster.Cel.Values;

namespace ModelOperator.DevCluster.Cel.Functions;

/// <summary>
/// A function of the standard library or of Kubernetes' extensions. The counts leave out the target of a member call, which is the first argument
/// of <paramref name="Body"/>; arguments are never errors.
/// </summary>
internal sealed record CelFunction(string Name, int MinArguments, int MaxArguments, Func<CelValue[], CelBudget, CelValue> Body);
