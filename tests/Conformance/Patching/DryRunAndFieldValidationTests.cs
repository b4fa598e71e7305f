using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Patching;

/// <summary>Requests that only ask, and fields that are not there.</summary>
[TestFixture]
internal sealed class DryRunAndFieldValidationTests : ConformanceTest
{
    [Test]
    public async Task A_dry_create_answers_as_if_and_stores_nothing()
    {
        var dry = Answered(201, await Post("configmaps?dryRun=All", Manifests.ConfigMap("cm")));

        Assert.That((dry["metadata.uid"] is not null, dry["metadata.resourceVersion"]), Is.EqualTo((true, (string?)null)));
        Assert.That((await Get("configmaps/cm")).Code, Is.EqualTo(404));
    }

    [Test]
    public async Task A_dry_update_stores_nothing()
    {
        var created = await Created("configmaps", Manifests.ConfigMap("cm", """{"a":"1"}"""));

        Assert.That(Answered(200, await Put("configmaps/cm?dryRun=All", Manifests.ConfigMap("cm", """{"a":"2"}""")))["data.a"], Is.EqualTo("2"));

        Assert.That((await Get("configmaps/cm")).Version, Is.EqualTo(created.Version));
    }

    [Test]
    public async Task A_dry_patch_stores_nothing_but_is_checked()
    {
        await Created("deployments", Manifests.Deployment("web"));

        Assert.That((await MergePatch("deployments/web?dryRun=All", """{"spec":{"replicas":-1}}""")).Code, Is.EqualTo(422));
        Assert.That(Answered(200, await MergePatch("deployments/web?dryRun=All", """{"spec":{"replicas":7}}"""))["spec.replicas"], Is.EqualTo("7"));
        Assert.That((await Get("deployments/web"))["spec.replicas"], Is.EqualTo("1"));
    }

    [Test]
    public async Task Another_dry_run_than_all_is_invalid() => Invalid(
        await Post("configmaps?dryRun=Some", Manifests.ConfigMap("cm")),
        "CreateOptions.meta.k8s.io \"\" is invalid: dryRun: Unsupported value: [\"Some\"]: supported values: \"All\"");

    [Test]
    public async Task An_unknown_field_is_refused_when_strict() => BadRequest(
        await Post("deployments?fieldValidation=Strict", Manifests.Deployment("web").With("spec.replica", "2").With("spec.template.spec.containers[0].imag", "1")),
        "Deployment in version \"v1\" cannot be handled as a Deployment: strict decoding error: "
        + "unknown field \"spec.template.spec.containers[0].imag\", unknown field \"spec.replica\"");

    [Test]
    public async Task A_field_given_twice_is_refused_when_strict() => BadRequest(
        await Post("configmaps?fieldValidation=Strict", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"cm"},"data":{"a":"1","a":"2"}}"""),
        "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: strict decoding error: duplicate field \"data.a\"");

    [Test]
    public async Task An_unknown_field_is_warned_of_by_default()
    {
        var created = Answered(201, await Post("configmaps", """{"metadata":{"name":"cm"},"wrong":1,"data":{}}"""));

        Assert.That((created.Warnings.Single(), created["wrong"]), Is.EqualTo(("unknown field \"wrong\"", (string?)null)));
    }

    [Test]
    public async Task An_unknown_field_is_dropped_silently_when_ignored()
    {
        var created = Answered(201, await Post("configmaps?fieldValidation=Ignore", """{"metadata":{"name":"cm"},"wrong":1}"""));

        Assert.That((created.Warnings.Count, created["wrong"]), Is.EqualTo((0, (string?)null)));
    }

    [Test]
    public async Task A_patch_is_checked_strictly_too()
    {
        await Created("deployments", Manifests.Deployment("web"));

        var refused = await StrategicPatch("deployments/web?fieldValidation=Strict", """{"spec":{"replica":2}}""");

        Assert.That((refused.Code, refused.Reason), Is.EqualTo((422, "Invalid")), refused.Text);
        Assert.That(refused.Message, Does.Contain("strict decoding error: unknown field \"spec.replica\""));
    }

    [Test]
    public async Task Another_field_validation_is_invalid() => Invalid(
        await Post("configmaps?fieldValidation=Maybe", Manifests.ConfigMap("cm")),
        "CreateOptions.meta.k8s.io \"\" is invalid: fieldValidation: Unsupported value: \"Maybe\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"");

    [Test]
    public async Task A_wrong_type_names_the_field()
    {
        var refused = await Post("deployments", Manifests.Deployment("web").With("spec.replicas", "\"many\""));

        BadRequest(
            refused,
            "Deployment in version \"v1\" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field "
            + "DeploymentSpec.spec.replicas of type int32");
    }

    [Test]
    public async Task A_map_value_of_a_wrong_type_names_the_field() => BadRequest(
        await Post("configmaps", """{"metadata":{"name":"cm"},"data":{"a":1}}"""),
        "ConfigMap in version \"v1\" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ConfigMap.data of type string");

    [Test]
    public async Task A_number_too_large_for_the_field_is_refused() => BadRequest(
        await Post("deployments", Manifests.Deployment("web").With("spec.replicas", "4294967296")),
        "Deployment in version \"v1\" cannot be handled as a Deployment: json: cannot unmarshal number 4294967296 into Go struct field "
        + "DeploymentSpec.spec.replicas of type int32");
}
