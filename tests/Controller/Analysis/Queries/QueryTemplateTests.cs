using ModelOperator.Judgement;
using ModelOperator.Judgement.Queries;

namespace ModelOperator.Controller.Tests.Analysis.Queries;

internal sealed class QueryTemplateTests
{
    private static readonly JudgementRequest Request = new("ml", "digits", "digits-r2", "digits-r1", default, [], []);

    [Test]
    public void Every_variable_is_filled_in() =>
        Assert.That(
            QueryTemplate.Fill("f{ns=\"{{namespace}}\",n=\"{{ name }}\",r=\"{{revision}}\",s=\"{{stableRevision}}\"}[{{window}}]", Request, 90),
            Is.EqualTo("f{ns=\"ml\",n=\"digits\",r=\"digits-r2\",s=\"digits-r1\"}[90s]"));

    [TestCase("plain", "plain")]
    [TestCase("a\"} or vector(1) # ", "a\\x22} or vector(1) # ")]
    [TestCase("back\\slash", "back\\\\slash")]
    [TestCase("it's\nover", "it\\x27s\\nover")]
    public void A_value_cannot_leave_its_string_literal(string value, string expected) =>
        Assert.That(QueryTemplate.Fill("{{name}}", Request with { Deployment = value }, 1), Is.EqualTo(expected));

    [Test]
    public void An_unknown_variable_is_named_with_those_that_exist() =>
        Assert.That(
            QueryTemplate.Problem("up{x=\"{{revison}}\"}"),
            Is.EqualTo("unknown variable {{revison}}; there are {{namespace}}, {{name}}, {{revision}}, {{stableRevision}}, {{window}}"));

    [TestCase("sum(up{job=\"x\"})")]
    [TestCase("up{pod=~\"{{name}}-.*\"}[{{window}}]")]
    public void Braces_of_PromQL_and_known_variables_are_no_problem(string query) => Assert.That(QueryTemplate.Problem(query), Is.Null);

    [Test]
    public void A_selector_escapes_its_values() =>
        Assert.That(PromQl.Selector("m", ("a", "x"), ("b", "\"")), Is.EqualTo("m{a=\"x\",b=\"\\x22\"}"));
}
