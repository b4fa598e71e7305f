using ModelOperator.DevCluster.Cel.Values;

namespace ModelOperator.DevCluster.Cel.Evaluation;

/// <summary>Equality and order. Numbers compare across types; all other types only with their own.</summary>
internal static class CelComparison
{
    /// <summary>The <c>==</c> operator: two different types that the schema fixes are an error, as they would not compile in Kubernetes.</summary>
    public static CelValue Equal(CelValue left, CelValue right, CelBudget budget)
    {
        var isMixed = left.TypeName != right.TypeName && !(IsNumber(left) && IsNumber(right));
        if (isMixed && left is not CelValue.Null && right is not CelValue.Null && !left.IsDynamic && !right.IsDynamic)
        {
            return new CelValue.Error($"no such overload: {left.TypeName} == {right.TypeName}");
        }
        return AreEqual(left, right, budget) ? CelValue.True : CelValue.False;
    }

    /// <summary>Equality inside lists and maps, where two types are just different.</summary>
    public static bool AreEqual(CelValue left, CelValue right, CelBudget budget)
    {
        budget.Spend();
        switch (left, right)
        {
            case (CelValue.String a, CelValue.String b):
                budget.SpendText(Math.Min(a.Value.Length, b.Value.Length));
                return a.Value == b.Value;
            case (CelValue.List a, CelValue.List b):
                if (a.Items.Length != b.Items.Length)
                {
                    return false;
                }

                return a.IsUnordered || b.IsUnordered
                    ? a.Items.All(item => Contains(b, item, budget)) && b.Items.All(item => Contains(a, item, budget))
                    : a.Items.Zip(b.Items).All(pair => AreEqual(pair.First, pair.Second, budget));
            case (CelValue.Map a, CelValue.Map b):
                return a.Entries.Count == b.Entries.Count
                    && a.Entries.All(entry => b.Entries.TryGetValue(entry.Key, out var other) && AreEqual(entry.Value, other, budget));
            case (CelValue.Optional a, CelValue.Optional b):
                return a.Value is null || b.Value is null ? a.Value is null && b.Value is null : AreEqual(a.Value, b.Value, budget);
            case (CelValue.Type a, CelValue.Type b):
                return a.Name == b.Name;
            case (CelValue.Null, CelValue.Null):
                return true;
            default:
                return TryCompare(left, right, budget, out var order) && order == 0;
        }
    }

    public static bool Contains(CelValue.List list, CelValue item, CelBudget budget) => list.Items.Any(other => AreEqual(other, item, budget));

    /// <summary>Compares two values of one ordered type. A NaN is unordered: <paramref name="order"/> is null.</summary>
    /// <returns>Whether the types have an order.</returns>
    public static bool TryCompare(CelValue left, CelValue right, CelBudget budget, out int? order)
    {
        order = (left, right) switch
        {
            (CelValue.Int a, CelValue.Int b) => a.Value.CompareTo(b.Value),
            (CelValue.Double a, CelValue.Double b) => Compare(a.Value, b.Value),
            (CelValue.Int a, CelValue.Double b) => Compare(a.Value, b.Value),
            (CelValue.Double a, CelValue.Int b) => Compare(a.Value, b.Value),
            (CelValue.String a, CelValue.String b) => Compare(a.Value, b.Value, budget),
            (CelValue.Bool a, CelValue.Bool b) => a.Value.CompareTo(b.Value),
            (CelValue.Duration a, CelValue.Duration b) => a.Nanoseconds.CompareTo(b.Nanoseconds),
            (CelValue.Timestamp a, CelValue.Timestamp b) => a.Value.CompareTo(b.Value),
            _ => null,
        };
        return order is not null || (IsNumber(left) && IsNumber(right));
    }

    private static bool IsNumber(CelValue value) => value is CelValue.Int or CelValue.Double;

    private static int? Compare(double a, double b) => double.IsNaN(a) || double.IsNaN(b) ? null : a.CompareTo(b);

    private static int Compare(string a, string b, CelBudget budget)
    {
        budget.SpendText(Math.Min(a.Length, b.Length));
        return string.CompareOrdinal(a, b);
    }
}
