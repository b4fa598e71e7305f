using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Kubernetes.Tests.Models;

internal sealed class KubernetesJsonTests
{
    [TestCase("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z")]
    [TestCase("2026-01-31T12:00:00.5Z", "2026-01-31T12:00:00.5Z")]
    [TestCase("2026-01-31T12:00:00.123456789Z", "2026-01-31T12:00:00.1234567Z")]
    [TestCase("2026-01-31T14:00:00+02:00", "2026-01-31T12:00:00Z")]
    public void Times_are_read_with_any_fraction_and_offset_and_written_in_utc(string read, string written)
    {
        var condition = KubernetesJson.Deserialize<V1Condition>($$"""{"lastTransitionTime":"{{read}}"}""");

        Assert.That(condition.LastTransitionTime?.Kind, Is.EqualTo(DateTimeKind.Utc));
        Assert.That(KubernetesJson.Serialize(condition), Does.Contain($"\"lastTransitionTime\":\"{written}\""));
    }

    [Test]
    public void A_micro_time_always_has_six_digits()
    {
        var lease = new V1LeaseSpec { RenewTime = new DateTime(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc) };

        Assert.That(KubernetesJson.Serialize(lease), Is.EqualTo("""{"renewTime":"2026-01-31T12:00:00.000000Z"}"""));
    }

    [Test]
    public void Nothing_that_was_not_set_is_written() =>
        Assert.That(
            KubernetesJson.Serialize(new V1PodSpec { Containers = [new V1Container { Name = "c", Resources = new V1ResourceRequirements() }] }),
            Is.EqualTo("""{"containers":[{"name":"c","resources":{}}]}"""));

    [Test]
    public void Names_are_spelled_as_the_API_spells_them()
    {
        var pod = new V1PodStatus { PodIP = "127.0.0.1", PodIPs = [new V1PodIP { Ip = "127.0.0.1" }], HostIP = "127.0.0.2" };

        Assert.That(
            KubernetesJson.Serialize(pod),
            Is.EqualTo("""{"hostIP":"127.0.0.2","podIP":"127.0.0.1","podIPs":[{"ip":"127.0.0.1"}]}"""));
        Assert.That(
            KubernetesJson.Serialize(new V1CustomResourceValidation { OpenAPIV3Schema = [] }), Is.EqualTo("""{"openAPIV3Schema":{}}"""));
        Assert.That(
            KubernetesJson.Serialize(new V1Toleration { OperatorProperty = "Exists" }), Is.EqualTo("""{"operator":"Exists"}"""));
    }

    [Test]
    public void A_null_for_a_list_that_is_never_null_leaves_it_empty() =>
        Assert.That(
            KubernetesJson.Deserialize<V1EndpointSlice>("""{"metadata":{"name":"a"},"addressType":"IPv4","endpoints":null}""").Endpoints,
            Is.Empty);

    [TestCase("8080", "8080")]
    [TestCase("\"http\"", "\"http\"")]
    [TestCase("\"25%\"", "\"25%\"")]
    public void An_int_or_string_keeps_its_kind(string json, string written) =>
        Assert.That(KubernetesJson.Serialize(KubernetesJson.Deserialize<IntstrIntOrString>(json)), Is.EqualTo(written));

    [Test]
    public void Secrets_are_base64_on_the_wire()
    {
        var secret = KubernetesJson.Deserialize<V1Secret>("""{"data":{"token":"aGVsbG8="}}""");

        Assert.That(secret.Data!["token"], Is.EqualTo("hello"u8.ToArray()));
    }

    [Test]
    public void An_object_starts_with_what_it_is() =>
        Assert.That(
            KubernetesJson.Serialize(new CustomResources.Widget { ApiVersion = "example.com/v1", Kind = "Widget" }),
            Is.EqualTo("""{"apiVersion":"example.com/v1","kind":"Widget","metadata":{},"status":{},"spec":{}}"""));
}
