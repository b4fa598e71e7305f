using System.Text.Json.Nodes;
using ModelOperator.DevCluster.Cel.Validation;

namespace ModelOperator.DevCluster.Cel;

public sealed class ValidationRulesTests
{
    private const string Metric = """
        {"type": "object", "x-kubernetes-validations": [
          {"rule": "has(self.builtin) != has(self.query)", "message": "give either builtin or query"},
          {"rule": "has(self.max) || has(self.min)"}]}
        """;

    private const string Immutable = """{"type": "object", "properties": {"spec": {"type": "object", "x-kubernetes-validations": [{"rule": "self == oldSelf", "message": "a revision never changes"}]}}}""";

    [TestCase("""{"builtin": "ErrorRate", "max": 1}""", "")]
    [TestCase("""{"builtin": "ErrorRate", "query": "up", "max": 1}""", "give either builtin or query")]
    [TestCase("""{"max": 1}""", "give either builtin or query")]
    [TestCase("""{"query": "up"}""", "failed rule: has(self.max) || has(self.min)")]
    public void A_rule_that_is_false_is_a_violation_with_its_message(string value, string message) =>
        Assert.That(Check(Metric, value).Select(violation => violation.Message), Is.EqualTo(message.Length == 0 ? [] : new[] { message }));

    [TestCase("""{"spec": {"uri": "a"}}""", null, 0)]
    [TestCase("""{"spec": {"uri": "a"}}""", """{"spec": {"uri": "a"}}""", 0)]
    [TestCase("""{"spec": {"uri": "b"}}""", """{"spec": {"uri": "a"}}""", 1)]
    [TestCase("""{"spec": {"uri": "b"}}""", "{}", 0)]
    public void A_transition_rule_runs_only_where_there_was_a_value(string value, string? old, int violations)
    {
        var found = Check(Immutable, value, old);
        Assert.That(found, Has.Count.EqualTo(violations));
        Assert.That(found.Select(violation => (violation.Path, violation.Message, violation.Reason)), Is.All.EqualTo(("spec", "a revision never changes", "FieldValueInvalid")));
    }

    [Test]
    public void Rules_run_at_every_level_under_the_path_of_their_value()
    {
        var schema = """
            {"type": "object", "properties": {
              "steps": {"type": "array", "items": {"type": "object", "properties": {"weight": {"type": "integer", "x-kubernetes-validations": [{"rule": "self <= 100"}]}}}},
              "labels": {"type": "object", "additionalProperties": {"type": "string", "x-kubernetes-validations": [{"rule": "self != ''"}]}}}}
            """;
        var found = Check(schema, """{"steps": [{"weight": 1}, {"weight": 101}], "labels": {"a": "", "b": "x"}}""");
        Assert.That(found.Select(violation => violation.Path), Is.EqualTo(new[] { "steps[1].weight", "labels[a]" }));
        Assert.That(found[0].Value!.ToJsonString(), Is.EqualTo("101"));
    }

    [Test]
    public void Items_of_a_keyed_list_meet_their_former_selves_wherever_they_moved()
    {
        var items = """
            "items": {"type": "object", "x-kubernetes-validations": [{"rule": "self.size >= oldSelf.size"}]}
            """;
        var keyed = $$"""{"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"], {{items}}}""";
        var atomic = $$"""{"type": "array", {{items}}}""";
        const string Old = """[{"name": "a", "size": 2}, {"name": "b", "size": 2}]""";
        const string New = """[{"name": "c", "size": 0}, {"name": "b", "size": 3}, {"name": "a", "size": 1}]""";
        Assert.Multiple(() =>
        {
            Assert.That(Check(keyed, New, Old).Select(violation => violation.Path), Is.EqualTo(new[] { "[2]" }));
            Assert.That(Check(atomic, New, Old), Is.Empty);
        });
    }

    [Test]
    public void An_optional_old_self_lets_a_transition_rule_run_on_create_too()
    {
        var schema = """{"type": "integer", "x-kubernetes-validations": [{"rule": "self >= oldSelf.orValue(10)", "optionalOldSelf": true}]}""";
        Assert.That((Check(schema, "5").Count, Check(schema, "5", "4").Count, Check(schema, "12").Count), Is.EqualTo((1, 0, 0)));
    }

    [Test]
    public void A_rule_may_choose_its_field_its_reason_and_its_words()
    {
        var schema = """
            {"type": "object", "x-kubernetes-validations": [{"rule": "self.min <= self.max", "fieldPath": ".max", "reason": "FieldValueForbidden",
             "message": "fallback", "messageExpression": "'max must be at least ' + string(self.min)"}]}
            """;
        var violation = Check(schema, """{"min": 5, "max": 4}""", path: "spec").Single();
        Assert.That(violation, Is.EqualTo(new RuleViolation("spec.max", "max must be at least 5", "FieldValueForbidden")));
    }

    [TestCase("1 + 1")]
    [TestCase("self.missing")]
    [TestCase("'two\\nlines'")]
    public void A_message_expression_that_gives_no_line_of_text_falls_back_to_the_message(string expression)
    {
        var schema = new JsonObject
        {
            ["x-kubernetes-validations"] = new JsonArray(new JsonObject { ["rule"] = "false", ["message"] = "fallback", ["messageExpression"] = expression }),
        };
        Assert.That(ValidationRules.Check(schema, new JsonObject(), null, "").Single().Message, Is.EqualTo("fallback"));
    }

    [Test]
    public void A_stored_value_that_an_update_leaves_alone_may_break_a_newer_rule()
    {
        var schema = """{"type": "object", "properties": {"a": {"type": "integer", "x-kubernetes-validations": [{"rule": "self > 0"}]}}}""";
        Assert.Multiple(() =>
        {
            Assert.That(Check(schema, """{"a": 0, "b": 2}""", """{"a": 0, "b": 1}"""), Is.Empty);
            Assert.That(Check(schema, """{"a": 0}""", """{"a": -1}"""), Has.Count.EqualTo(1));
        });
    }

    [Test]
    public void An_evaluation_error_is_a_violation_that_names_the_rule()
    {
        var schema = """{"type": "object", "x-kubernetes-validations": [{"rule": "self.missing > 1"}, {"rule": "self.a > 'x'"}]}""";
        Assert.That(Check(schema, """{"a": 1}""").Select(violation => violation.Message), Is.EqualTo(new[]
        {
            "no such key: missing evaluating rule: self.missing > 1",
            "'no such overload: int > string': call arguments did not match a supported operator, function or macro signature for rule: self.a > 'x'",
        }));
    }

    [Test]
    public void Rules_stop_when_the_budget_of_the_object_is_spent()
    {
        var schema = """{"type": "array", "items": {"type": "array", "items": {"type": "integer"}, "x-kubernetes-validations": [{"rule": "self.all(a, self.all(b, a == b))"}]}}""";
        var list = "[" + string.Join(",", Enumerable.Repeat("[" + string.Join(",", Enumerable.Repeat("1", 400)) + "]", 40)) + "]";
        Assert.That(Check(schema, list).Single().Message, Does.Contain("no further validation rules will be run"));
    }

    [TestCase("5, 25, 50", true)]
    [TestCase("25, 25", true)]
    [TestCase("50, 25", false)]
    public void Weights_of_steps_never_fall(string weights, bool isValid)
    {
        var schema = """{"type": "array", "maxItems": 32, "x-kubernetes-validations": [{"rule": "self.map(s, s.weight).isSorted()"}], "items": {"type": "object", "properties": {"weight": {"type": "integer"}}}}""";
        var steps = "[" + string.Join(",", weights.Split(',').Select(weight => $$"""{"weight": {{weight}}}""")) + "]";
        Assert.That(Check(schema, steps), Has.Count.EqualTo(isValid ? 0 : 1));
    }

    [Test]
    public void A_CRD_is_told_of_rules_that_can_never_run()
    {
        var schema = """
            {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "integer", "x-kubernetes-validations": [
              {"rule": "self == oldSelf"}, {"rule": "self =="}, {"rule": "self > 1", "messageExpression": "nope"}]}}}}
            """;
        var found = ValidationRules.CheckSchema(JsonNode.Parse(schema)!.AsObject(), "schema").ToList();
        Assert.That(found.Select(violation => violation.Path), Is.EqualTo(new[]
        {
            "schema.properties[a].items.x-kubernetes-validations[0].rule",
            "schema.properties[a].items.x-kubernetes-validations[1].rule",
            "schema.properties[a].items.x-kubernetes-validations[2].messageExpression",
        }));
    }

    private static IReadOnlyList<RuleViolation> Check(string schema, string value, string? old = null, string path = "") =>
        ValidationRules.Check(JsonNode.Parse(schema)!.AsObject(), JsonNode.Parse(value)!, old is null ? null : JsonNode.Parse(old), path);
}
