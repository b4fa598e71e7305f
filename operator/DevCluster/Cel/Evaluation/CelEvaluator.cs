using System.Collections.Immutable;
using ModelOperator.DevCluster.Cel.Functions;
using ModelOperator.DevCluster.Cel.Syntax;
using ModelOperator.DevCluster.Cel.Values;

namespace ModelOperator.DevCluster.Cel.Evaluation;

/// <summary>Evaluates an expression; every node costs a step of the budget.</summary>
internal sealed class CelEvaluator(CelBudget budget)
{
    /// <exception cref="CelBudgetExceededException">The budget is spent.</exception>
    public CelValue Evaluate(CelExpression expression, CelScope scope)
    {
        budget.Spend();
        return expression switch
        {
            CelExpression.Literal literal => literal.Value,
            CelExpression.Variable variable => scope.Resolve(variable.Name),
            CelExpression.Select select => Select(Evaluate(select.Operand, scope), select.Field, select.IsOptional),
            CelExpression.Has has => Has(Evaluate(has.Operand, scope), has.Field),
            CelExpression.Index index => Index(Evaluate(index.Operand, scope), Evaluate(index.Key, scope), index.IsOptional),
            CelExpression.Not not => Evaluate(not.Operand, scope) switch
            {
                CelValue.Bool operand => Bool(!operand.Value),
                CelValue.Error error => error,
                _ => CelValue.NoSuchOverload,
            },
            CelExpression.Negate negate => CelArithmetic.Negate(Evaluate(negate.Operand, scope)),
            CelExpression.Binary { Operator: CelOperator.And } and => And(Evaluate(and.Left, scope), and.Right, scope),
            CelExpression.Binary { Operator: CelOperator.Or } or => Or(Evaluate(or.Left, scope), or.Right, scope),
            CelExpression.Binary binary => Binary(binary.Operator, Evaluate(binary.Left, scope), Evaluate(binary.Right, scope)),
            CelExpression.Conditional conditional => Evaluate(conditional.Condition, scope) switch
            {
                CelValue.Bool condition => Evaluate(condition.Value ? conditional.Then : conditional.Else, scope),
                CelValue.Error error => error,
                _ => CelValue.NoSuchOverload,
            },
            CelExpression.ListLiteral list => ListLiteral(list, scope),
            CelExpression.MapLiteral map => MapLiteral(map, scope),
            CelExpression.Call call => Call(call, scope),
            CelExpression.Comprehension comprehension => Comprehension(comprehension, scope),
            _ => throw new InvalidOperationException($"{expression.GetType().Name} has no evaluation"),
        };
    }

    private static CelValue.Bool Bool(bool value) => value ? CelValue.True : CelValue.False;

    // A false on either side decides, whatever the other is; only without one does an error count.
    private CelValue And(CelValue left, CelExpression rightSide, CelScope scope)
    {
        if (left is CelValue.Bool { Value: false })
        {
            return left;
        }

        var right = Evaluate(rightSide, scope);
        if (right is CelValue.Bool { Value: false })
        {
            return right;
        }

        return BothBool(left, right) ?? right;
    }

    private CelValue Or(CelValue left, CelExpression rightSide, CelScope scope)
    {
        if (left is CelValue.Bool { Value: true })
        {
            return left;
        }

        var right = Evaluate(rightSide, scope);
        if (right is CelValue.Bool { Value: true })
        {
            return right;
        }

        return BothBool(left, right) ?? right;
    }

    private static CelValue.Error? BothBool(CelValue left, CelValue right) =>
        (left, right) switch
        {
            (CelValue.Bool, CelValue.Bool) => null,
            (CelValue.Error error, _) => error,
            (_, CelValue.Error error) => error,
            _ => CelValue.NoSuchOverload,
        };

    private CelValue Binary(CelOperator @operator, CelValue left, CelValue right)
    {
        if (left is CelValue.Error)
        {
            return left;
        }

        if (right is CelValue.Error)
        {
            return right;
        }

        return @operator switch
        {
            CelOperator.Equal => CelComparison.Equal(left, right, budget),
            CelOperator.NotEqual when CelComparison.Equal(left, right, budget) is CelValue.Bool equal => Bool(!equal.Value),
            CelOperator.NotEqual => Mismatch("!=", left, right),
            CelOperator.In => In(left, right),
            CelOperator.Less => Ordered("<", left, right, order => order < 0),
            CelOperator.LessOrEqual => Ordered("<=", left, right, order => order <= 0),
            CelOperator.Greater => Ordered(">", left, right, order => order > 0),
            CelOperator.GreaterOrEqual => Ordered(">=", left, right, order => order >= 0),
            _ => CelArithmetic.Apply(@operator, left, right, budget),
        };
    }

    private CelValue Ordered(string @operator, CelValue left, CelValue right, Func<int, bool> holds) =>
        CelComparison.TryCompare(left, right, budget, out var order)
            ? Bool(order is { } known && holds(known))
            : Mismatch(@operator, left, right);

    private static CelValue.Error Mismatch(string @operator, CelValue left, CelValue right) =>
        new($"no such overload: {left.TypeName} {@operator} {right.TypeName}");

    private CelValue In(CelValue item, CelValue container)
    {
        switch (container)
        {
            case CelValue.List list:
                CelValue result = CelValue.False;
                foreach (var other in list.Items)
                {
                    var equal = CelComparison.Equal(other, item, budget);
                    if (equal is CelValue.Bool { Value: true })
                    {
                        return equal;
                    }

                    if (equal is CelValue.Error)
                    {
                        result = Mismatch("in", item, container);
                    }
                }
                return result;
            case CelValue.Map map:
                return Bool(map.Entries.ContainsKey(item.AsKey()));
            default:
                return Mismatch("in", item, container);
        }
    }

    private static bool TrySelect(CelValue.Map map, string field, out CelValue value) =>
        map.Entries.TryGetValue(new CelValue.String(field), out value!)
        || map.Entries.TryGetValue(new CelValue.String(FieldName.Unescape(field)), out value!);

    private static CelValue Select(CelValue operand, string field, bool isOptional) => operand switch
    {
        CelValue.Error => operand,
        CelValue.Optional { Value: null } => operand,
        CelValue.Optional { Value: { } inner } => Select(inner, field, isOptional: true),
        CelValue.Map map when TrySelect(map, field, out var value) => isOptional ? new CelValue.Optional(value) : value,
        CelValue.Map => isOptional ? new CelValue.Optional(null) : new CelValue.Error($"no such key: {field}"),
        _ => new CelValue.Error($"no such overload: {operand.TypeName} has no field '{field}'"),
    };

    private static CelValue Has(CelValue operand, string field) => operand switch
    {
        CelValue.Error => operand,
        CelValue.Map map => Bool(TrySelect(map, field, out _)),
        CelValue.Optional optional => Bool(optional.Value is CelValue.Map map && TrySelect(map, field, out _)),
        _ => new CelValue.Error($"no such overload: {operand.TypeName} has no field '{field}'"),
    };

    private static CelValue Index(CelValue operand, CelValue key, bool isOptional)
    {
        switch (operand, key.AsKey())
        {
            case (CelValue.Error, _):
                return operand;
            case (_, CelValue.Error):
                return key;
            case (CelValue.Optional { Value: null }, _):
                return operand;
            case (CelValue.Optional { Value: { } inner }, _):
                return Index(inner, key, isOptional: true);
            case (CelValue.List list, CelValue.Int { Value: var position }):
                var isInside = position >= 0 && position < list.Items.Length;
                if (isOptional)
                {
                    return new CelValue.Optional(isInside ? list.Items[(int)position] : null);
                }

                return isInside ? list.Items[(int)position] : new CelValue.Error($"index out of bounds: {position}");
            case (CelValue.Map map, var name and (CelValue.String or CelValue.Int or CelValue.Bool)):
                var isPresent = map.Entries.TryGetValue(name, out var value);
                if (isOptional)
                {
                    return new CelValue.Optional(value);
                }

                return isPresent ? value! : new CelValue.Error($"no such key: {TypeFunctions.Text(name)}");
            default:
                return new CelValue.Error($"no such overload: {operand.TypeName}[{key.TypeName}]");
        }
    }

    private CelValue ListLiteral(CelExpression.ListLiteral literal, CelScope scope)
    {
        var items = ImmutableArray.CreateBuilder<CelValue>(literal.Items.Length);
        foreach (var item in literal.Items)
        {
            var value = Evaluate(item, scope);
            if (value is CelValue.Error)
            {
                return value;
            }

            items.Add(value);
        }
        return new CelValue.List(items.MoveToImmutable());
    }

    private CelValue MapLiteral(CelExpression.MapLiteral literal, CelScope scope)
    {
        var entries = new Dictionary<CelValue, CelValue>();
        for (var i = 0; i < literal.KeysAndValues.Length; i += 2)
        {
            var key = Evaluate(literal.KeysAndValues[i], scope);
            var value = Evaluate(literal.KeysAndValues[i + 1], scope);
            if (key is CelValue.Error)
            {
                return key;
            }

            if (value is CelValue.Error)
            {
                return value;
            }

            if (key is not (CelValue.String or CelValue.Int or CelValue.Bool))
            {
                return new CelValue.Error($"unsupported key type: {key.TypeName}");
            }

            if (!entries.TryAdd(key.AsKey(), value))
            {
                return new CelValue.Error("a map literal repeats a key");
            }
        }
        return new CelValue.Map(entries);
    }

    private CelValue Call(CelExpression.Call call, CelScope scope)
    {
        var arguments = new CelValue[call.Arguments.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = Evaluate(call.Arguments[i], scope);
            if (arguments[i] is CelValue.Error)
            {
                return arguments[i];
            }
        }
        var result = call.Function.Body(arguments, budget);
        return ReferenceEquals(result, CelValue.NoSuchOverload)
            ? new CelValue.Error($"no such overload: {call.Function.Name}({string.Join(", ", arguments.Select(argument => argument.TypeName))})")
            : result;
    }

    private CelValue Comprehension(CelExpression.Comprehension comprehension, CelScope scope)
    {
        var range = Evaluate(comprehension.Range, scope);
        return range switch
        {
            CelValue.Error => range,
            CelValue.List list when comprehension.SecondVariable is { } second =>
                Fold(comprehension, list.Items.Select((item, i) => Pair(new CelValue.Int(i), second, item))),
            CelValue.Map map when comprehension.SecondVariable is { } second =>
                Fold(comprehension, map.Entries.Select(entry => Pair(entry.Key, second, entry.Value))),
            CelValue.List list => Fold(comprehension, list.Items.Select(First)),
            CelValue.Map map => Fold(comprehension, map.Entries.Keys.Select(First)),
            _ => new CelValue.Error($"no such overload: {comprehension.Macro} over {range.TypeName}"),
        };

        CelScope First(CelValue value) => new(comprehension.FirstVariable, value, scope);
        CelScope Pair(CelValue key, string second, CelValue value) => new(second, value, First(key));
    }

    private CelValue Fold(CelExpression.Comprehension comprehension, IEnumerable<CelScope> scopes) => comprehension.Macro switch
    {
        CelMacro.All => Quantify(comprehension.Body, scopes, decisive: false),
        CelMacro.Exists => Quantify(comprehension.Body, scopes, decisive: true),
        CelMacro.ExistsOne => ExistsOne(comprehension.Body, scopes),
        _ => Transform(comprehension, scopes),
    };

    private CelValue Quantify(CelExpression body, IEnumerable<CelScope> scopes, bool decisive)
    {
        CelValue.Error? error = null;
        foreach (var scope in scopes)
        {
            var verdict = Evaluate(body, scope);
            if (verdict is CelValue.Bool { Value: var value } && value == decisive)
            {
                return Bool(decisive);
            }

            if (verdict is not CelValue.Bool)
            {
                error ??= verdict as CelValue.Error ?? CelValue.NoSuchOverload;
            }
        }
        return error as CelValue ?? Bool(!decisive);
    }

    private CelValue ExistsOne(CelExpression body, IEnumerable<CelScope> scopes)
    {
        var count = 0;
        foreach (var scope in scopes)
        {
            var verdict = Evaluate(body, scope);
            if (verdict is not CelValue.Bool isHit)
            {
                return verdict as CelValue.Error ?? CelValue.NoSuchOverload;
            }

            if (isHit.Value)
            {
                count++;
            }
        }
        return Bool(count == 1);
    }

    private CelValue Transform(CelExpression.Comprehension comprehension, IEnumerable<CelScope> scopes)
    {
        var items = ImmutableArray.CreateBuilder<CelValue>();
        var filter = comprehension.Macro == CelMacro.Filter ? comprehension.Body : comprehension.Filter;
        foreach (var scope in scopes)
        {
            if (filter is not null)
            {
                var verdict = Evaluate(filter, scope);
                if (verdict is not CelValue.Bool isHit)
                {
                    return verdict as CelValue.Error ?? CelValue.NoSuchOverload;
                }

                if (!isHit.Value)
                {
                    continue;
                }
            }
            var item = comprehension.Macro == CelMacro.Filter ? scope.Value : Evaluate(comprehension.Body, scope);
            if (item is CelValue.Error)
            {
                return item;
            }

            items.Add(item);
        }
        return new CelValue.List(items.ToImmutable());
    }
}
