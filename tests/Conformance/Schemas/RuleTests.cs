using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Schemas;

/// <summary>CEL rules of custom resources.</summary>
[TestFixture]
internal sealed class RuleTests : ConformanceTest
{
    private const string Properties = """
        {"spec":{"type":"object","properties":{
           "min":{"type":"integer"},"max":{"type":"integer"},
           "name":{"type":"string","maxLength":20,"x-kubernetes-validations":[{"rule":"self == oldSelf","message":"is immutable"}]},
           "level":{"type":"integer","x-kubernetes-validations":[
              {"rule":"self >= oldSelf","messageExpression":"self < 0 ? 'must not be negative' : 'cannot shrink'"}]},
           "steps":{"type":"array","maxItems":10,"items":{"type":"object","properties":{"weight":{"type":"integer"}}},
              "x-kubernetes-validations":[{"rule":"self.all(s, s.weight <= 100)","message":"a weight is at most 100"},
                                          {"rule":"self.exists(s, s.weight == 100)","message":"a step must have 100","reason":"FieldValueForbidden"}]},
           "labels":{"type":"object","maxProperties":10,"additionalProperties":{"type":"string","maxLength":20},
              "x-kubernetes-validations":[{"rule":"self.all(k, k.startsWith('x-'))","message":"keys begin with x-"}]},
           "host":{"type":"string","maxLength":50,"x-kubernetes-validations":[{"rule":"self.matches('^[a-z.]+$')","message":"is no host"}]},
           "one":{"type":"string"},"two":{"type":"string"}},
          "x-kubernetes-validations":[
             {"rule":"!has(self.min) || !has(self.max) || self.min <= self.max","message":"min must not be above max"},
             {"rule":"!(has(self.one) && has(self.two))"},
             {"rule":"has(self.host) || !has(oldSelf.host)","message":"host cannot be taken away","fieldPath":".host"}]}}
        """;

    private CustomResource _crd = null!;

    [SetUp]
    public async Task Install() => _crd = await CustomResource.InstallAsync(Api, Namespace, Properties);

    [TearDown]
    public async Task Remove() => await _crd.DisposeAsync();

    [TestCase("""{"min":2,"max":1}""", "spec: Invalid value: min must not be above max", TestName = "A rule over two fields")]
    [TestCase("""{"one":"a","two":"b"}""", "spec: Invalid value: failed rule: !(has(self.one) && has(self.two))", TestName = "A rule without a message")]
    [TestCase("""{"steps":[{"weight":101},{"weight":100}]}""", "spec.steps: Invalid value: a weight is at most 100", TestName = "A rule over all items")]
    [TestCase("""{"steps":[{"weight":10}]}""", "spec.steps: Forbidden: a step must have 100", TestName = "A rule with a reason")]
    [TestCase("""{"labels":{"y":"1"}}""", "spec.labels: Invalid value: keys begin with x-", TestName = "A rule over the keys of a map")]
    [TestCase("""{"host":"UPPER"}""", "spec.host: Invalid value: \"UPPER\": is no host", TestName = "A rule with a regular expression")]
    public async Task Refused(string spec, string error)
    {
        var refused = await Post(_crd.Path, _crd.Object("w", spec));

        Invalid(refused, $"Widget.{_crd.Group} \"w\" is invalid: {error}");
    }

    [Test]
    public async Task What_the_rules_allow_is_taken() =>
        await Created(_crd.Path, _crd.Object("w", """{"min":1,"max":2,"steps":[{"weight":100}],"labels":{"x-a":"1"},"host":"a.b","one":"a"}"""));

    [Test]
    public async Task A_rule_about_the_old_value_is_not_asked_of_a_new_object() =>
        await Created(_crd.Path, _crd.Object("w", """{"name":"a","level":3}"""));

    [Test]
    public async Task An_immutable_field_cannot_change()
    {
        await Created(_crd.Path, _crd.Object("w", """{"name":"a"}"""));

        Invalid(
            await MergePatch($"{_crd.Path}/w", """{"spec":{"name":"b"}}"""),
            $"Widget.{_crd.Group} \"w\" is invalid: spec.name: Invalid value: \"b\": is immutable");
    }

    [Test]
    public async Task A_message_may_be_computed()
    {
        await Created(_crd.Path, _crd.Object("w", """{"level":3}"""));

        Invalid(
            await MergePatch($"{_crd.Path}/w", """{"spec":{"level":2}}"""),
            $"Widget.{_crd.Group} \"w\" is invalid: spec.level: Invalid value: 2: cannot shrink");
        Answered(200, await MergePatch($"{_crd.Path}/w", """{"spec":{"level":4}}"""));
    }

    [Test]
    public async Task A_transition_rule_sees_both_states()
    {
        await Created(_crd.Path, _crd.Object("w", """{"host":"a.b"}"""));

        var refused = await MergePatch($"{_crd.Path}/w", """{"spec":{"host":null}}""");

        Assert.That(refused.Message, Does.Contain("spec.host: Invalid value: host cannot be taken away"));
    }

    [Test]
    public async Task An_invalid_field_that_does_not_change_is_forgiven()
    {
        await Created(_crd.Path, _crd.Object("w", """{"host":"a.b","min":1}"""));
        await JsonPatch(_crd.DefinitionPath, """
            [{"op":"replace","path":"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/host/x-kubernetes-validations/0/rule","value":"self == 'never'"}]
            """);
        await Eventually.IsAsync(
            () => Post($"{_crd.Path}?dryRun=All", _crd.Object("other", """{"host":"a.b"}""")), reply => reply.Code == 422, "the new rule holds");

        Answered(200, await MergePatch($"{_crd.Path}/w", """{"spec":{"min":2}}"""));
    }
}
