using System.Text.Json.Nodes;
using ModelOperator.DevCluster.Cel.Evaluation;
using ModelOperator.DevCluster.Cel.Syntax;
using ModelOperator.DevCluster.Cel.Values;

namespace ModelOperator.DevCluster.Cel;

/// <summary>
/// A parsed CEL expression, over <c>self</c> and <c>oldSelf</c> unless compiled for other variables. Immutable; any number of threads
/// may evaluate it.
/// </summary>
/// <remarks>Types are checked while evaluating: there is no static type checker as in Kubernetes.</remarks>
internal sealed class CelProgram
{
    private static readonly string[] RuleVariables = ["self", "oldSelf"];

    private readonly CelExpression _expression;

    private CelProgram(CelExpression expression, bool usesOldSelf)
    {
        _expression = expression;
        UsesOldSelf = usesOldSelf;
    }

    /// <summary>The expression mentions <c>oldSelf</c>: as a rule it is a transition rule.</summary>
    public bool UsesOldSelf { get; }

    /// <exception cref="CelSyntaxException">Not an expression, or one with unknown names, too long or too deep.</exception>
    public static CelProgram Compile(string expression) => Compile(expression, RuleVariables);

    /// <param name="expression">The expression.</param>
    /// <param name="variables">The names that it may use.</param>
    /// <exception cref="CelSyntaxException">Not an expression, or one with unknown names, too long or too deep.</exception>
    public static CelProgram Compile(string expression, IEnumerable<string> variables)
    {
        var (parsed, usesOldSelf) = CelParser.Parse(expression, variables);
        return new CelProgram(parsed, usesOldSelf);
    }

    /// <summary>Evaluates to a verdict over named variables.</summary>
    public CelOutcome EvaluateCondition(IEnumerable<KeyValuePair<string, JsonNode?>> variables)
    {
        CelScope? scope = null;
        foreach (var (name, value) in variables)
        {
            scope = new CelScope(name, CelJson.Read(value, null), scope);
        }

        return Judge(Run(scope!, CelBudget.PerRule));
    }

    /// <summary>Evaluates to a verdict.</summary>
    /// <param name="self">The value of <c>self</c>; null is CEL's null.</param>
    /// <param name="oldSelf">The value of <c>oldSelf</c>.</param>
    /// <param name="schema">The structural schema of both; it tells ints from doubles and gives durations and times their type.</param>
    /// <param name="budget">The steps it may take.</param>
    public CelOutcome Evaluate(JsonNode? self, JsonNode? oldSelf, JsonObject? schema = null, long budget = CelBudget.PerRule) =>
        EvaluateRule(CelJson.Read(self, schema), CelJson.Read(oldSelf, schema), budget);

    /// <summary>Evaluates to a verdict over values that were read once for all rules of a node.</summary>
    public CelOutcome EvaluateRule(CelValue self, CelValue oldSelf, long budget) => Judge(Run(ScopeOf(self, oldSelf), budget));

    /// <summary>Evaluates a message; null when it fails or is no usable line of text, and the caller falls back to another message.</summary>
    public string? EvaluateMessage(CelValue self, CelValue oldSelf, long budget, out long cost)
    {
        (var value, cost, _) = Run(ScopeOf(self, oldSelf), budget);
        var text = (value as CelValue.String)?.Value.Trim();
        return text is { Length: > 0 and <= 5 * 1024 } && !text.Contains('\n', StringComparison.Ordinal) ? text : null;
    }

    private static CelScope ScopeOf(CelValue self, CelValue oldSelf) => new("self", self, new CelScope("oldSelf", oldSelf, null));

    private static CelOutcome Judge((CelValue Value, long Cost, bool IsOverBudget) run) => run switch
    {
        (CelValue.Bool result, var cost, _) => new CelOutcome(result.Value ? CelVerdict.True : CelVerdict.False, null, cost),
        (CelValue.Error error, var cost, var isOver) => new CelOutcome(CelVerdict.Error, error.Message, cost, isOver),
        var (value, cost, _) => new CelOutcome(CelVerdict.Error, $"the expression is a {value.TypeName}, not a bool", cost),
    };

    private (CelValue Value, long Cost, bool IsOverBudget) Run(CelScope scope, long limit)
    {
        var budget = new CelBudget(limit);
        try
        {
            return (new CelEvaluator(budget).Evaluate(_expression, scope), budget.Spent, false);
        }
        catch (CelBudgetExceededException e)
        {
            return (new CelValue.Error(e.Message), budget.Spent, true);
        }
    }
}
