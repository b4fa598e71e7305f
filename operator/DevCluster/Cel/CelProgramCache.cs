using System.Collections.Concurrent;
using ModelOperator.DevCluster.Cel.Syntax;

namespace ModelOperator.DevCluster.Cel;

/// <summary>Programs by their text: the same few rules run on every write.</summary>
internal static class CelProgramCache
{
    private const int MaxPrograms = 2048;

    private static readonly ConcurrentDictionary<string, CelProgram> Programs = new(StringComparer.Ordinal);

    /// <exception cref="CelSyntaxException">Not an expression; failures are not cached.</exception>
    public static CelProgram Get(string expression)
    {
        if (Programs.TryGetValue(expression, out var known))
        {
            return known;
        }

        var program = CelProgram.Compile(expression);
        if (Programs.Count >= MaxPrograms)
        {
            Programs.Clear();
        }

        return Programs.GetOrAdd(expression, program);
    }
}
