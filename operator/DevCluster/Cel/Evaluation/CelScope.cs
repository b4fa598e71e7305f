using ModelOperator.DevCluster.Cel.Values;

namespace ModelOperator.DevCluster.Cel.Evaluation;

/// <summary>A variable and the ones it may shadow.</summary>
internal sealed record CelScope(string Name, CelValue Value, CelScope? Outer)
{
    public CelValue Resolve(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope.Name == name)
            {
                return scope.Value;
            }
        }
        return new CelValue.Error($"no such attribute: {name}");
    }
}
