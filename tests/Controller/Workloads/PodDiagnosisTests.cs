using ModelOperator.Api.Pods;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Controller.Tests.Workloads;

public sealed class PodDiagnosisTests
{
    [TestCase(
        """{"conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/3 nodes are available: 3 Insufficient nvidia.com/gpu."}]}""",
        "Unschedulable: 0/3 nodes are available: 3 Insufficient nvidia.com/gpu")]
    [TestCase(
        """{"containerStatuses":[{"name":"model","state":{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling image"}}}]}""",
        "ImagePullBackOff: serving:1: Back-off pulling image")]
    [TestCase(
        """{"containerStatuses":[{"name":"model","state":{"waiting":{"reason":"ErrImagePull","message":"serving:1: not found"}}}]}""",
        "ErrImagePull: serving:1: not found")]
    [TestCase(
        """{"containerStatuses":[{"name":"model","state":{"waiting":{"reason":"CreateContainerConfigError","message":"secret \"s3\" not found"}}}]}""",
        "CreateContainerConfigError: secret \"s3\" not found")]
    [TestCase(
        """{"initContainerStatuses":[{"name":"fetch","state":{"terminated":{"exitCode":1,"message":"the bytes have SHA-256 ab, not cd\n"}}}],"containerStatuses":[{"name":"model","state":{"waiting":{"reason":"PodInitializing"}}}]}""",
        "fetching the model failed: the bytes have SHA-256 ab, not cd")]
    [TestCase(
        """{"initContainerStatuses":[{"name":"fetch","state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":1,"message":"404"}}}]}""",
        "fetching the model failed: 404")]
    [TestCase(
        """{"containerStatuses":[{"name":"model","restartCount":3,"state":{"waiting":{"reason":"CrashLoopBackOff"}},"lastState":{"terminated":{"exitCode":134,"message":"invalid model"}}}]}""",
        "container model exited with code 134: invalid model")]
    [TestCase(
        """{"containerStatuses":[{"name":"model","restartCount":1,"state":{"running":{}},"lastState":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}}]}""",
        "OOMKilled: container model needs more memory than its limit")]
    [TestCase(
        """{"containerStatuses":[{"name":"model","restartCount":1,"state":{"running":{}},"lastState":{"terminated":{"exitCode":137,"reason":"Error","message":"info: the model is loaded"}}}]}""",
        "container model was killed by SIGKILL (exit code 137)")]
    public void A_failure_is_told_with_its_cause(string status, string expected)
    {
        var diagnosis = PodDiagnosis.Of(Pod(status));
        Assert.That(diagnosis, Is.EqualTo(new PodDiagnosis(expected, IsFailure: true)));
    }

    [TestCase("""{"containerStatuses":[{"name":"model","state":{"running":{}}}]}""", "the model is loading")]
    [TestCase("""{"phase":"Pending"}""", "the pod is starting")]
    [TestCase("""{"initContainerStatuses":[{"name":"fetch","state":{"running":{}}}]}""", "the pod is starting")]
    public void A_start_is_no_failure(string status, string expected) =>
        Assert.That(PodDiagnosis.Of(Pod(status)), Is.EqualTo(new PodDiagnosis(expected, IsFailure: false)));

    [Test]
    public void A_failure_is_told_before_a_start_and_a_ready_pod_not_at_all()
    {
        V1Pod[] pods =
        [
            Pod("""{"conditions":[{"type":"Ready","status":"True"}]}"""),
            Pod("""{"phase":"Pending"}"""),
            Pod("""{"containerStatuses":[{"name":"model","state":{"terminated":{"exitCode":2}}}]}"""),
        ];
        Assert.Multiple(() =>
        {
            Assert.That(PodDiagnosis.Of(pods)!.Message, Is.EqualTo("container model exited with code 2"));
            Assert.That(PodDiagnosis.Of(pods[..1]), Is.Null);
        });
    }

    private static V1Pod Pod(string status) => new()
    {
        Metadata = new V1ObjectMeta { Name = "digits-r1-0" },
        Spec = new V1PodSpec { Containers = [new V1Container { Name = "model", Image = "serving:1" }] },
        Status = KubernetesJson.Deserialize<V1PodStatus>(status),
    };
}
