using ModelOperator.DevCluster.Cel.Evaluation;
using ModelOperator.DevCluster.Cel.Syntax;
using ModelOperator.DevCluster.Cel.Values;

namespace ModelOperator.DevCluster.Cel.Functions;

/// <summary><c>size</c> and Kubernetes' list library; <c>indexOf</c> serves strings too.</summary>
internal static class ListFunctions
{
    public static readonly IReadOnlyList<CelFunction> Globals = [new("size", 1, 1, Size)];

    public static readonly IReadOnlyList<CelFunction> Members =
    [
        new("size", 0, 0, Size),
        new("isSorted", 0, 0, IsSorted),
        new("sum", 0, 0, Sum),
        new("min", 0, 0, (a, budget) => Extreme("min", a, budget, wanted: -1)),
        new("max", 0, 0, (a, budget) => Extreme("max", a, budget, wanted: 1)),
        new("indexOf", 1, 2, IndexOf),
        new("lastIndexOf", 1, 2, LastIndexOf),
        new("join", 0, 1, Join),
    ];

    private static CelValue Size(CelValue[] arguments, CelBudget budget)
    {
        switch (arguments)
        {
            case [CelValue.String text]:
                budget.SpendText(text.Value.Length);
                return new CelValue.Int(CodePoints.Count(text.Value));
            case [CelValue.List list]:
                return new CelValue.Int(list.Items.Length);
            case [CelValue.Map map]:
                return new CelValue.Int(map.Entries.Count);
            default:
                return CelValue.NoSuchOverload;
        }
    }

    private static CelValue IsSorted(CelValue[] arguments, CelBudget budget)
    {
        if (arguments is not [CelValue.List list])
        {
            return CelValue.NoSuchOverload;
        }

        budget.Spend(list.Items.Length);
        for (var i = 1; i < list.Items.Length; i++)
        {
            if (!CelComparison.TryCompare(list.Items[i - 1], list.Items[i], budget, out var order))
            {
                return CelValue.NoSuchOverload;
            }

            if (order > 0)
            {
                return CelValue.False;
            }
        }
        return CelValue.True;
    }

    private static CelValue Sum(CelValue[] arguments, CelBudget budget)
    {
        if (arguments is not [CelValue.List list])
        {
            return CelValue.NoSuchOverload;
        }

        budget.Spend(list.Items.Length);
        CelValue sum = list.Items is [CelValue.Double, ..] ? new CelValue.Double(0)
            : list.Items is [CelValue.Duration, ..] ? new CelValue.Duration(0)
            : new CelValue.Int(0);
        foreach (var item in list.Items)
        {
            sum = CelArithmetic.Apply(CelOperator.Add, sum, item, budget);
            if (sum is CelValue.Error)
            {
                return sum;
            }
        }
        return sum;
    }

    private static CelValue Extreme(string name, CelValue[] arguments, CelBudget budget, int wanted)
    {
        if (arguments is not [CelValue.List list])
        {
            return CelValue.NoSuchOverload;
        }

        if (list.Items.IsEmpty)
        {
            return new CelValue.Error($"{name} called on empty list");
        }

        budget.Spend(list.Items.Length);
        var best = list.Items[0];
        foreach (var item in list.Items)
        {
            if (!CelComparison.TryCompare(item, best, budget, out var order))
            {
                return CelValue.NoSuchOverload;
            }

            if (order is { } known && Math.Sign(known) == wanted)
            {
                best = item;
            }
        }
        return best;
    }

    private static CelValue IndexOf(CelValue[] arguments, CelBudget budget)
    {
        switch (arguments)
        {
            case [CelValue.List list, var item]:
                for (var i = 0; i < list.Items.Length; i++)
                {
                    if (CelComparison.AreEqual(list.Items[i], item, budget))
                    {
                        return new CelValue.Int(i);
                    }
                }
                return new CelValue.Int(-1);
            case [CelValue.String text, CelValue.String part, .. var rest] when rest is [] or [CelValue.Int]:
                budget.SpendText(text.Value.Length);
                if (CodePoints.OffsetOf(text.Value, rest is [CelValue.Int from] ? from.Value : 0) is not { } start)
                {
                    return new CelValue.Error("index out of range");
                }

                return new CelValue.Int(CodePoints.IndexOf(text.Value, text.Value.IndexOf(part.Value, start, StringComparison.Ordinal)));
            default:
                return CelValue.NoSuchOverload;
        }
    }

    private static CelValue LastIndexOf(CelValue[] arguments, CelBudget budget)
    {
        switch (arguments)
        {
            case [CelValue.List list, var item]:
                for (var i = list.Items.Length - 1; i >= 0; i--)
                {
                    if (CelComparison.AreEqual(list.Items[i], item, budget))
                    {
                        return new CelValue.Int(i);
                    }
                }
                return new CelValue.Int(-1);
            case [CelValue.String text, CelValue.String part]:
                budget.SpendText(text.Value.Length);
                return new CelValue.Int(CodePoints.IndexOf(text.Value, text.Value.LastIndexOf(part.Value, StringComparison.Ordinal)));
            default:
                return CelValue.NoSuchOverload;
        }
    }

    private static CelValue Join(CelValue[] arguments, CelBudget budget)
    {
        if (arguments is not [CelValue.List list, .. var rest] || rest is not ([] or [CelValue.String]))
        {
            return CelValue.NoSuchOverload;
        }

        if (!list.Items.All(item => item is CelValue.String))
        {
            return CelValue.NoSuchOverload;
        }

        var parts = list.Items.Select(item => ((CelValue.String)item).Value).ToList();
        var separator = rest is [CelValue.String text] ? text.Value : "";
        budget.SpendText(parts.Sum(part => (long)part.Length) + (long)parts.Count * separator.Length);
        return new CelValue.String(string.Join(separator, parts));
    }
}
