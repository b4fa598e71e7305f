using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.Cel;

public sealed class CelExpressionTests
{
    private const string Self = """
        {
          "name": "digits", "replicas": 3, "ratio": 0.5, "whole": 2.0, "on": true, "nothing": null, "hold": "5m", "a-b": 1, "namespace": "x",
          "labels": {"app": "web", "tier": "front"},
          "steps": [{"weight": 5, "hold": "1m"}, {"weight": 25, "hold": "5m"}, {"weight": 25, "hold": "1h"}],
          "words": ["b", "a"], "smile": "a😀b"
        }
        """;

    // The language definition.
    [TestCase("1 + 2 * 3 == 7")]
    [TestCase("(1 + 2) * 3 == 9")]
    [TestCase("10 - 3 - 2 == 5")]
    [TestCase("7 / 2 == 3 && -7 / 2 == -3 && -7 % 2 == -1")]
    [TestCase("1.0 / 2.0 == 0.5")]
    [TestCase("- -1 == 1 && !!true")]
    [TestCase("-9223372036854775808 < 0 && 0xFF == 255 && 1e3 == 1000.0 && .5 == 0.5")]
    [TestCase("'a' + \"b\" == 'ab'")]
    [TestCase(@"'\u00e9\x41\101\n' == '''éAA
'''")]
    [TestCase(@"r'\d' == '\\d'")]
    [TestCase("1 == 1.0 && 1 < 1.5 && 2.0 >= 2")]
    [TestCase("true ? true : false")]
    [TestCase("false ? false : false ? false : true")]
    [TestCase("'a' < 'b' && false < true")]
    [TestCase("[1, 2] + [3,] == [1, 2, 3]")]
    [TestCase("{'a': 1, 'b': [2]} == {'b': [2], 'a': 1}")]
    [TestCase("{'a': 1}.a == 1 && {'a': 1}['a'] == 1 && {1: 'x'}[1.0] == 'x'")]
    [TestCase("2 in [1, 2] && !(3 in [1, 2]) && 'a' in {'a': 1}")]
    [TestCase("null == null && self.nothing == null && self.name != null")]
    [TestCase("// a comment\n true")]
    // Errors are absorbed by an operand that decides.
    [TestCase("true || 1 / 0 == 1")]
    [TestCase("1 / 0 == 1 || true")]
    [TestCase("!(1 / 0 == 1 && false)")]
    [TestCase("[1, 0].exists(x, 1 / x == 1) && [0, 1].exists(x, 1 / x == 1)")]
    [TestCase("![0, 2].all(x, 1 / x == 1)")]
    // Macros.
    [TestCase("[].all(x, false) && ![].exists(x, true) && ![].exists_one(x, true)")]
    [TestCase("[1, 2].exists_one(x, x == 1) && ![1, 1].exists_one(x, x == 1)")]
    [TestCase("[1, 2, 3].filter(x, x > 1) == [2, 3] && [1, 2].map(x, x * 2) == [2, 4] && [1, 2].map(x, x > 1, x * 2) == [4]")]
    [TestCase("self.labels.all(k, self.labels[k] != '')")]
    [TestCase("self.labels.exists(k, v, k == 'app' && v == 'web') && self.words.all(i, w, self.words[i] == w)")]
    [TestCase("[[1], [2]].all(x, x.all(x, x > 0))")]
    [TestCase("has(self.name) && !has(self.missing) && has(self.nothing) && has(self.labels.app)")]
    // The value.
    [TestCase("self.replicas == 3 && type(self.replicas) == int && type(self.ratio) == double && self.whole == 2")]
    [TestCase("self.a__dash__b == 1 && self.__namespace__ == 'x' && has(self.a__dash__b)")]
    [TestCase("self.steps[1].weight == 25 && self['name'] == 'digits'")]
    // Libraries.
    [TestCase("size('😀a') == 2 && self.smile.size() == 3 && self.steps.size() == 3 && size(self.labels) == 2")]
    [TestCase("self.name.startsWith('dig') && self.name.endsWith('its') && self.name.contains('git')")]
    [TestCase("self.name.matches('^d[a-z]+$') && !'x\\n'.matches('x$') && matches('ab', 'b')")]
    [TestCase(@"!'٣'.matches('\\d') && 'a1'.matches('^[\\w]+$') && 'x'.matches('(?P<name>x)')")]
    [TestCase("'TacoCat'.lowerAscii() == 'tacocat' && 'TacoCÆt'.upperAscii() == 'TACOCÆT' && ' x '.trim() == 'x'")]
    [TestCase("'a,b,c'.split(',') == ['a', 'b', 'c'] && 'a,b,c'.split(',', 2) == ['a', 'b,c'] && 'ab'.split('') == ['a', 'b']")]
    [TestCase("['a', 'b'].join('-') == 'a-b' && 'hello'.substring(1, 3) == 'el' && self.smile.substring(2) == 'b' && self.smile.charAt(1) == '😀'")]
    [TestCase("'he he'.replace('he', 'we') == 'we we' && 'he he'.replace('he', 'we', 1) == 'we he' && 'ab'.replace('', '_') == '_a_b_'")]
    [TestCase("'abcb'.indexOf('b') == 1 && 'abcb'.lastIndexOf('b') == 3 && 'abcb'.indexOf('b', 2) == 3 && 'a'.indexOf('x') == -1")]
    [TestCase("'abc 123'.find('[0-9]+') == '123' && '1 2 3'.findAll('[0-9]', 2) == ['1', '2']")]
    [TestCase("[1, 2, 2].isSorted() && ![2.0, 1.0].isSorted() && [].isSorted() && ['a', 'b'].isSorted()")]
    [TestCase("[1, 3].sum() == 4 && [1.0, 3.0].sum() == 4.0 && [].sum() == 0 && [duration('1m'), duration('1s')].sum() == duration('1m1s')")]
    [TestCase("[1, 3].min() == 1 && [1, 3].max() == 3 && ['a', 'b', 'b'].indexOf('b') == 1 && ['b', 'b'].lastIndexOf('b') == 1")]
    [TestCase("duration(self.hold) == duration('300s') && duration('1h30m') > duration('89m') && duration('1.5s').getMilliseconds() == 1500")]
    [TestCase("timestamp('2026-01-01T00:00:00Z') + duration('24h') == timestamp('2026-01-02T01:00:00+01:00')")]
    [TestCase("int('42') == 42 && int(2.9) == 2 && double(1) == 1.0 && string(1) == '1' && string(true) == 'true' && bool('true')")]
    [TestCase("string(duration('90s')) == '90s' && 'is %s at %d%%, %.2f'.format(['it', 5, 1.5]) == 'is it at 5%, 1.50'")]
    [TestCase("optional.of(1).orValue(2) == 1 && optional.none().orValue(2) == 2 && self.?missing.?field.orValue('x') == 'x' && self.?name.hasValue()")]
    // Weights never fall: the three ways.
    [TestCase("self.steps.map(s, s.weight).isSorted()")]
    [TestCase("self.steps.all(i, s, i == 0 || self.steps[i - 1].weight <= s.weight)")]
    [TestCase("[1, 2, 3, 4].all(i, i >= size(self.steps) || self.steps[i - 1].weight <= self.steps[i].weight)")]
    public void An_expression_holds(string expression) => Assert.That(Evaluate(expression), Is.EqualTo((CelVerdict.True, (string?)null)));

    [TestCase("self.missing == 1", "no such key: missing")]
    [TestCase("self.steps[3]", "index out of bounds: 3")]
    [TestCase("1 / 0 == 1", "division by zero")]
    [TestCase("9223372036854775807 + 1 > 0", "integer overflow")]
    [TestCase("1 + 1.0 == 2.0", "no such overload")]
    [TestCase("self.name == 1", "no such overload: string == int")]
    [TestCase("self.name < 1", "no such overload: string < int")]
    [TestCase("'a' in [1]", "no such overload: string in list")]
    [TestCase("1 / 0 == 1 || false", "division by zero")]
    [TestCase("true && self.name", "no such overload")]
    [TestCase("self.name", "the expression is a string, not a bool")]
    [TestCase("size(1) == 1", "no such overload: size(int)")]
    [TestCase("[].min() == 1", "min called on empty list")]
    [TestCase("'x'.matches('(')", "error parsing regexp")]
    [TestCase("int('x') == 1", "type conversion error")]
    [TestCase("self.words.exists_one(w, 1 / 0 == 1)", "division by zero")]
    public void An_error_says_what_has_no_answer(string expression, string error)
    {
        var (verdict, message) = Evaluate(expression);
        Assert.Multiple(() =>
        {
            Assert.That(verdict, Is.EqualTo(CelVerdict.Error));
            Assert.That(message, Does.StartWith(error));
        });
    }

    [Test]
    public void A_schema_gives_numbers_and_durations_their_type()
    {
        var schema = JsonNode.Parse("""
            {"type": "object", "properties": {"ratio": {"type": "number"}, "hold": {"type": "string", "format": "duration"},
             "port": {"x-kubernetes-int-or-string": true}, "set": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}}}}
            """)!.AsObject();
        var self = JsonNode.Parse("""{"ratio": 1, "hold": "5m", "port": 80, "set": ["a", "b"]}""");
        var rule = CelProgram.Compile("type(self.ratio) == double && self.hold < duration('6m') && self.port != 'http' && self.set == ['b', 'a']");
        Assert.That(rule.Evaluate(self, null, schema).Verdict, Is.EqualTo(CelVerdict.True));
    }

    [TestCase("self.a.all(oldSelf, oldSelf > 1)", false)]
    [TestCase("self.a.exists(x, oldSelf.b)", true)]
    [TestCase("'oldSelf' == self.a", false)]
    public void A_program_knows_whether_it_uses_oldSelf(string expression, bool uses) =>
        Assert.That(CelProgram.Compile(expression).UsesOldSelf, Is.EqualTo(uses));

    [TestCase("[0,1,2,3,4,5,6,7,8,9].all(a, [0,1,2,3,4,5,6,7,8,9].all(b, [0,1,2,3,4,5,6,7,8,9].all(c, [0,1,2,3,4,5,6,7,8,9].all(d, "
        + "[0,1,2,3,4,5,6,7,8,9].all(e, [0,1,2,3,4,5,6,7,8,9].all(f, a + b + c + d + e + f >= 0))))))")]
    public void Work_beyond_the_budget_is_an_error(string expression)
    {
        var outcome = CelProgram.Compile(expression).Evaluate(null, null);
        Assert.Multiple(() =>
        {
            Assert.That(outcome.IsOverBudget);
            Assert.That(outcome.Error, Does.Contain("exceeded budget"));
        });
    }

    [Test]
    public void A_string_that_doubles_again_and_again_is_stopped_before_it_fills_the_memory()
    {
        var expression = "['0123456789']" + string.Concat(Enumerable.Repeat(".map(s, s + s)", 60)) + ".size() == 1";
        Assert.That(CelProgram.Compile(expression).Evaluate(null, null).IsOverBudget);
    }

    private static (CelVerdict, string?) Evaluate(string expression)
    {
        var outcome = CelProgram.Compile(expression).Evaluate(JsonNode.Parse(Self), null);
        return (outcome.Verdict, outcome.Error);
    }
}
