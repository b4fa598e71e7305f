namespace ModelOperator.DevCluster.Cel.Syntax;

/// <summary>An expression that is not CEL, or not the part of CEL that this server knows.</summary>
internal sealed class CelSyntaxException(int position, string reason) : Exception($"ERROR: <input>:{position + 1}: {reason}")
{
    /// <summary>Where in the expression, counted from 0 in UTF-16 code units.</summary>
    public int Position { get; } = position;
}
