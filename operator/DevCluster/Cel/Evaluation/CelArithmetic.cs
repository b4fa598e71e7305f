using ModelOperator.DevCluster.Cel.Syntax;
using ModelOperator.DevCluster.Cel.Values;

namespace ModelOperator.DevCluster.Cel.Evaluation;

/// <summary>The operators <c>+ - * / %</c>. They do not mix types: <c>1 + 1.0</c> is an error in CEL.</summary>
internal static class CelArithmetic
{
    private static readonly CelValue.Error Overflow = new("integer overflow");

    public static CelValue Apply(CelOperator @operator, CelValue left, CelValue right, CelBudget budget)
    {
        try
        {
            return (left, right) switch
            {
                (CelValue.Int a, CelValue.Int b) => Integers(@operator, a.Value, b.Value),
                (CelValue.Double a, CelValue.Double b) => Doubles(@operator, a.Value, b.Value),
                (CelValue.String a, CelValue.String b) when @operator == CelOperator.Add => Concatenate(a, b, budget),
                (CelValue.List a, CelValue.List b) when @operator == CelOperator.Add => Concatenate(a, b, budget),
                _ => Times(@operator, left, right),
            };
        }
        catch (OverflowException)
        {
            return Overflow;
        }
        catch (ArgumentOutOfRangeException)
        {
            return new CelValue.Error("timestamp overflow");
        }
    }

    public static CelValue Negate(CelValue operand) => operand switch
    {
        CelValue.Int { Value: long.MinValue } => Overflow,
        CelValue.Int a => new CelValue.Int(-a.Value),
        CelValue.Double a => new CelValue.Double(-a.Value),
        CelValue.Error error => error,
        _ => CelValue.NoSuchOverload,
    };

    private static CelValue Integers(CelOperator @operator, long a, long b) => @operator switch
    {
        CelOperator.Add => new CelValue.Int(checked(a + b)),
        CelOperator.Subtract => new CelValue.Int(checked(a - b)),
        CelOperator.Multiply => new CelValue.Int(checked(a * b)),
        CelOperator.Divide when b == 0 => new CelValue.Error("division by zero"),
        CelOperator.Modulo when b == 0 => new CelValue.Error("modulus by zero"),
        CelOperator.Divide => new CelValue.Int(checked(a / b)),
        CelOperator.Modulo => b == -1 ? new CelValue.Int(0) : new CelValue.Int(a % b),
        _ => CelValue.NoSuchOverload,
    };

    private static CelValue Doubles(CelOperator @operator, double a, double b) => @operator switch
    {
        CelOperator.Add => new CelValue.Double(a + b),
        CelOperator.Subtract => new CelValue.Double(a - b),
        CelOperator.Multiply => new CelValue.Double(a * b),
        CelOperator.Divide => new CelValue.Double(a / b),
        _ => CelValue.NoSuchOverload,
    };

    private static CelValue.String Concatenate(CelValue.String a, CelValue.String b, CelBudget budget)
    {
        budget.SpendText((long)a.Value.Length + b.Value.Length);
        return new CelValue.String(a.Value + b.Value);
    }

    private static CelValue.List Concatenate(CelValue.List a, CelValue.List b, CelBudget budget)
    {
        budget.Spend((long)a.Items.Length + b.Items.Length);
        return new CelValue.List(a.Items.AddRange(b.Items));
    }

    private static CelValue Times(CelOperator @operator, CelValue left, CelValue right) => (@operator, left, right) switch
    {
        (CelOperator.Add, CelValue.Duration a, CelValue.Duration b) => new CelValue.Duration(checked(a.Nanoseconds + b.Nanoseconds)),
        (CelOperator.Subtract, CelValue.Duration a, CelValue.Duration b) => new CelValue.Duration(checked(a.Nanoseconds - b.Nanoseconds)),
        (CelOperator.Add, CelValue.Timestamp a, CelValue.Duration b) => Shift(a, b.Nanoseconds),
        (CelOperator.Add, CelValue.Duration a, CelValue.Timestamp b) => Shift(b, a.Nanoseconds),
        (CelOperator.Subtract, CelValue.Timestamp a, CelValue.Duration b) => Shift(a, checked(-b.Nanoseconds)),
        (CelOperator.Subtract, CelValue.Timestamp a, CelValue.Timestamp b) => new CelValue.Duration(checked((a.Value - b.Value).Ticks * TimeSpan.NanosecondsPerTick)),
        _ => CelValue.NoSuchOverload,
    };

    private static CelValue.Timestamp Shift(CelValue.Timestamp time, long nanoseconds) =>
        new(time.Value.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick));
}
