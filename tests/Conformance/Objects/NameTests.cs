using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Objects;

/// <summary>Which names, labels and annotations are valid.</summary>
[TestFixture]
internal sealed class NameTests : ConformanceTest
{
    private const string Subdomain =
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an "
        + "alphanumeric character (e.g. 'example.com', regex used for validation is "
        + @"'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    private const string Label =
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric "
        + "character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";

    private const string LabelValue =
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
        + "alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is "
        + "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

    private const string QualifiedName =
        "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. "
        + "'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    [TestCase("Upper", TestName = "A name with an upper case letter is invalid")]
    [TestCase("-a", TestName = "A name that starts with a dash is invalid")]
    [TestCase("a.", TestName = "A name that ends with a dot is invalid")]
    [TestCase("a_b", TestName = "A name with an underscore is invalid")]
    public async Task Invalid(string name) => Invalid(
        await Post("configmaps", $$$$"""{"metadata":{"name":"{{{{name}}}}"}}"""), $"ConfigMap \"{name}\" is invalid: metadata.name: Invalid value: \"{name}\": {Subdomain}");

    [Test]
    public async Task A_name_of_254_characters_is_too_long()
    {
        var name = new string('a', 254);

        var answer = await Post("configmaps", $$$$"""{"metadata":{"name":"{{{{name}}}}"}}""");

        Invalid(
            answer, $"ConfigMap \"{name}\" is invalid: metadata.name: Invalid value: \"{name}\": must be no more than 253 characters");
    }

    [Test]
    public async Task A_namespaces_name_is_a_label() => Invalid(
        await Post("/api/v1/namespaces", """{"metadata":{"name":"a.b"}}"""), "Namespace \"a.b\" is invalid: metadata.name: Invalid value: \"a.b\": must not contain dots");

    [Test]
    public async Task A_service_is_named_by_a_label() => Invalid(
        await Post("services", """{"metadata":{"name":"A"},"spec":{"ports":[{"port":80}]}}"""),
        $"Service \"A\" is invalid: metadata.name: Invalid value: \"A\": {Label}");

    [Test]
    public async Task A_role_may_be_named_with_colons()
    {
        await Created("roles", """{"metadata":{"name":"system:a:B"}}""");

        Invalid(
            await Post("roles", """{"metadata":{"name":"a%b"}}"""), "Role.rbac.authorization.k8s.io \"a%b\" is invalid: metadata.name: Invalid value: \"a%b\": may not contain '%'");
    }

    [Test]
    public async Task The_value_of_a_label_is_checked() => Invalid(
        await Post("configmaps", """{"metadata":{"name":"cm","labels":{"a":"b c"}}}"""), $"ConfigMap \"cm\" is invalid: metadata.labels: Invalid value: \"b c\": {LabelValue}");

    [Test]
    public async Task The_key_of_a_label_is_checked() => Invalid(
        await Post("configmaps", """{"metadata":{"name":"cm","labels":{"a b":"c"}}}"""), $"ConfigMap \"cm\" is invalid: metadata.labels: Invalid value: \"a b\": {QualifiedName}");

    [Test]
    public async Task A_label_of_64_characters_is_too_long()
    {
        var value = new string('a', 64);

        Invalid(
            await Post("configmaps", $$$$"""{"metadata":{"name":"cm","labels":{"a":"{{{{value}}}}"}}}"""), $"ConfigMap \"cm\" is invalid: metadata.labels: Invalid value: \"{value}\": must be no more than 63 bytes");
    }

    [Test]
    public async Task The_key_of_an_annotation_is_checked() => Invalid(
        await Post("configmaps", """{"metadata":{"name":"cm","annotations":{"a b":"c"}}}"""), $"ConfigMap \"cm\" is invalid: metadata.annotations: Invalid value: \"a b\": {QualifiedName}");

    [Test]
    public async Task The_value_of_an_annotation_is_free() =>
        Assert.That((await Created("configmaps", """{"metadata":{"name":"cm","annotations":{"a":"any { text\n"}}}"""))["metadata.annotations.a"], Is.EqualTo("any { text\n"));

    [Test]
    public async Task Annotations_together_are_bounded_by_256_KiB()
    {
        var answer = await Post("configmaps", $$$$"""{"metadata":{"name":"cm","annotations":{"a":"{{{{new string('x', 262144)}}}}"}}}""");

        Invalid(
            answer, "ConfigMap \"cm\" is invalid: metadata.annotations: Too long: may not be more than 262144 bytes");
    }

    [Test]
    public async Task Several_errors_are_told_together()
    {
        var answer = await Post("configmaps", """{"metadata":{"name":"A","labels":{"a":"b c"}},"data":{"x y":"1"}}""");

        Assert.That(answer.Message, Does.StartWith("ConfigMap \"A\" is invalid: [metadata.name: Invalid value: ").And.EndsWith("]"));
        Assert.That(
            Reply.At(answer.Json, "details.causes")!.AsArray().Select(cause => cause!["field"]!.GetValue<string>()),
            Is.EqualTo(new[] { "metadata.name", "metadata.labels", "data[x y]" }));
    }

    [Test]
    public async Task A_finalizer_is_a_qualified_name() => Invalid(
        await Post("configmaps", """{"metadata":{"name":"cm","finalizers":["mine"]}}"""), "ConfigMap \"cm\" is invalid: metadata.finalizers[0]: Invalid value: \"mine\": name is neither a standard finalizer name nor is it fully qualified");

    [Test]
    public async Task An_owner_reference_needs_all_its_fields()
    {
        var answer = await Post("configmaps", """{"metadata":{"name":"cm","ownerReferences":[{"apiVersion":"v1","kind":"","name":"","uid":""}]}}""");

        Invalid(
            answer, "ConfigMap \"cm\" is invalid: [metadata.ownerReferences.kind: Invalid value: \"\": must not be empty, "
            + "metadata.ownerReferences.name: Invalid value: \"\": must not be empty, "
            + "metadata.ownerReferences.uid: Invalid value: \"\": must not be empty]");
    }

    [Test]
    public async Task Only_one_owner_controls_an_object()
    {
        const string Owners = """
            {"apiVersion":"v1","kind":"ConfigMap","name":"a","uid":"1","controller":true},
            {"apiVersion":"v1","kind":"ConfigMap","name":"b","uid":"2","controller":true}
            """;

        var answer = await Post("configmaps", $$$$"""{"metadata":{"name":"cm","ownerReferences":[{{{{Owners}}}}]}}""");

        Assert.That(
            answer.Message,
            Does.EndWith(": Only one reference can have Controller set to true. Found \"true\" in references for ConfigMap/a and ConfigMap/b"));
    }
}
