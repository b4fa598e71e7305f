using System.Globalization;
using System.Text;
using ModelOperator.DevCluster.Cel.Evaluation;
using ModelOperator.DevCluster.Cel.Values;

namespace ModelOperator.DevCluster.Cel.Functions;

/// <summary>The clauses <c>%s</c>, <c>%d</c>, <c>%f</c> (with a precision) and <c>%%</c> of CEL's <c>format</c>.</summary>
internal static class StringFormat
{
    public static CelValue Apply(string format, CelValue.List arguments, CelBudget budget)
    {
        var result = new StringBuilder();
        var next = 0;
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%')
            {
                result.Append(format[i]);
                continue;
            }
            var precision = 6;
            var at = i + 1;
            if (at + 2 < format.Length && format[at] == '.' && char.IsAsciiDigit(format[at + 1]))
            {
                precision = format[at + 1] - '0';
                at += 2;
            }
            var clause = at < format.Length ? format[at] : '\0';
            i = at;
            if (clause == '%')
            {
                result.Append('%');
                continue;
            }
            if (next >= arguments.Items.Length)
            {
                return new CelValue.Error($"index {next} out of range");
            }

            var argument = arguments.Items[next++];
            var text = (clause, argument) switch
            {
                ('s', _) => TypeFunctions.Text(argument),
                ('d', CelValue.Int number) => number.Value.ToString(CultureInfo.InvariantCulture),
                ('f', CelValue.Double number) => number.Value.ToString($"F{precision}", CultureInfo.InvariantCulture),
                _ => null,
            };
            if (text is null)
            {
                return new CelValue.Error($"error during formatting: no clause '%{clause}' for {argument.TypeName}");
            }

            budget.SpendText(text.Length);
            result.Append(text);
        }
        budget.SpendText(format.Length);
        return new CelValue.String(result.ToString());
    }
}
