using System.Collections.Frozen;

namespace ModelOperator.DevCluster.Cel.Functions;

/// <summary>All functions by name.</summary>
internal static class CelFunctions
{
    private static readonly FrozenDictionary<string, CelFunction> Members =
        StringFunctions.Members.Concat(ListFunctions.Members).Concat(TypeFunctions.Members).ToFrozenDictionary(function => function.Name);

    private static readonly FrozenDictionary<string, CelFunction> Globals =
        ListFunctions.Globals.Concat(TypeFunctions.Globals).ToFrozenDictionary(function => function.Name);

    public static CelFunction? Find(string name, bool isMember) => (isMember ? Members : Globals).GetValueOrDefault(name);
}
