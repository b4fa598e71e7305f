namespace ModelOperator.DevCluster.Cel.Syntax;

/// <summary>A token; <paramref name="Text"/> of a string is its value, of all others what was written.</summary>
internal readonly record struct CelToken(CelTokenKind Kind, string Text, int Position)
{
    public bool Is(string @operator) => Kind == CelTokenKind.Operator && Text == @operator;

    /// <summary>How an error names it.</summary>
    public override string ToString() => Kind == CelTokenKind.End ? "the end of the expression" : $"'{Text}'";
}
