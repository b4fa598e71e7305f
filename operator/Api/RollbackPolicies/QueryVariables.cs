namespace ModelOperator.Api.RollbackPolicies;

/// <summary>What a query may have filled in.</summary>
public static class QueryVariables
{
    /// <summary>Matches, in full, a text in which every <c>{{...}}</c> is a known variable (RE2).</summary>
    public const string Pattern = @"^([^{]|\{[^{]|\{\{\s*(namespace|name|revision|stableRevision|window)\s*\}\})*\{?$";

    /// <summary>What a person reads when it does not.</summary>
    public const string Message = "an unknown variable; there are {{namespace}}, {{name}}, {{revision}}, {{stableRevision}}, {{window}}";
}
