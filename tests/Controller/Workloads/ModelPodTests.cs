using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Api.ServingRuntimes;
using ModelOperator.Controller.Workloads;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.Tests.Workloads;

public sealed class ModelPodTests
{
    [Test]
    public void A_pod_meets_the_restricted_security_level()
    {
        var pod = ModelPod.Template(Revision()).Spec!;
        Assert.Multiple(() =>
        {
            Assert.That(pod.SecurityContext!.RunAsNonRoot, Is.True);
            Assert.That(pod.SecurityContext.SeccompProfile!.Type, Is.EqualTo("RuntimeDefault"));
            Assert.That(pod.AutomountServiceAccountToken, Is.False);
            foreach (var container in pod.InitContainers!.Concat(pod.Containers))
            {
                Assert.That(container.SecurityContext!.AllowPrivilegeEscalation, Is.False, container.Name);
                Assert.That(container.SecurityContext.Capabilities!.Drop, Is.EqualTo(["ALL"]), container.Name);
            }
        });
    }

    [Test]
    public void A_known_digest_is_demanded_and_an_unknown_one_comes_from_the_pin()
    {
        var known = Revision();
        known.Spec.Model.Sha256 = new string('c', 64);
        Assert.Multiple(() =>
        {
            Assert.That(Variable(known, "MODEL_SHA256").Value, Is.EqualTo(new string('c', 64)));
            var pinned = Variable(Revision(), "MODEL_SHA256").ValueFrom!.ConfigMapKeyRef!;
            Assert.That((pinned.Name, pinned.Key, pinned.Optional), Is.EqualTo(("digits-r3", "sha256", true)));
        });
    }

    [Test]
    public void A_mig_slice_or_a_gpu_of_a_product_is_asked_for_by_the_serving_container_alone()
    {
        var revision = Revision();
        revision.Spec.Accelerator = new Accelerator { Count = 2, Product = "NVIDIA-H200", MigProfile = "1g.18gb" };
        var pod = ModelPod.Template(revision).Spec!;
        Assert.Multiple(() =>
        {
            Assert.That(pod.NodeSelector, Is.EquivalentTo(new Dictionary<string, string> { ["nvidia.com/gpu.product"] = "NVIDIA-H200" }));
            Assert.That(pod.Containers[0].Resources!.Limits!["nvidia.com/mig-1g.18gb"], Is.EqualTo("2"));
            Assert.That(pod.InitContainers![0].Resources?.Limits?.Keys ?? [], Has.None.StartsWith("nvidia.com"));
        });
    }

    [Test]
    public void Variables_of_the_user_replace_those_of_the_runtime_and_the_generated_ones()
    {
        var revision = Revision();
        revision.Spec.ServingRuntime.Env = [new V1EnvVar { Name = "THREADS", Value = "1" }];
        revision.Spec.Runtime = new RuntimeSettings
        {
            Env = [new V1EnvVar { Name = "THREADS", Value = "4" }, new V1EnvVar { Name = "MODEL_NAME", Value = "other" }],
            Args = ["--verbose"],
        };
        var serve = ModelPod.Template(revision).Spec!.Containers[0];
        Assert.Multiple(() =>
        {
            Assert.That(serve.Env!.Where(v => v.Name == "THREADS").Select(v => v.Value), Is.EqualTo(["4"]));
            Assert.That(serve.Env!.Where(v => v.Name == "MODEL_NAME").Select(v => v.Value), Is.EqualTo(["other"]));
            Assert.That(serve.Args, Is.EqualTo(["serve", "--verbose"]));
        });
    }

    [Test]
    public void What_is_said_of_batching_warm_up_and_provider_reaches_the_server()
    {
        var revision = Revision();
        revision.Spec.Runtime = new RuntimeSettings
        {
            ExecutionProvider = "cuda",
            Batching = new BatchingSettings { MaxBatchSize = 32, MaxDelay = "1.5ms" },
            Warmup = new WarmupSettings { Requests = 8 },
        };
        var given = ModelPod.Template(revision).Spec!.Containers[0].Env!.ToDictionary(variable => variable.Name, variable => variable.Value);
        Assert.Multiple(() =>
        {
            Assert.That(given["EXECUTION_PROVIDER"], Is.EqualTo("cuda"));
            Assert.That(given["MAX_BATCH_SIZE"], Is.EqualTo("32"));
            Assert.That(given["MAX_BATCH_DELAY_MICROSECONDS"], Is.EqualTo("1500"));
            Assert.That(given["WARMUP_REQUESTS"], Is.EqualTo("8"));
        });
    }

    [Test]
    public void A_field_at_its_default_leaves_a_pod_as_one_that_was_made_before_there_was_the_field()
    {
        var revision = Revision();
        revision.Spec.Runtime = new RuntimeSettings { ExecutionProvider = "auto" };
        var pod = ModelPod.Template(revision).Spec!;
        Assert.Multiple(() =>
        {
            Assert.That(
                pod.Containers[0].Env!.Select(variable => variable.Name),
                Is.EqualTo(["MODEL_NAME", "MODEL_PATH", "MODEL_VERSION", "MODEL_REVISION", "MODEL_SHA256", "POD_IP"]));
            Assert.That(pod.Containers[0].Ports!.Select(port => port.Name), Is.EqualTo(["http", "metrics", "health"]));
        });
    }

    [Test]
    public void A_runtime_that_speaks_gRPC_has_a_port_for_it_which_the_services_lead_to()
    {
        var revision = Revision();
        revision.Spec.ServingRuntime.Ports = new RuntimePorts { Grpc = 9001 };
        var port = ModelPod.Template(revision).Spec!.Containers[0].Ports!.Single(one => one.Name == "grpc");
        var service = RevisionWorkload.Service(revision).Spec!.Ports!.Single(one => one.Name == "grpc");
        Assert.Multiple(() =>
        {
            Assert.That(port.ContainerPort, Is.EqualTo(9001));
            Assert.That((service.Port, service.TargetPort!.Value, service.AppProtocol), Is.EqualTo((8001, "grpc", "kubernetes.io/h2c")));
        });
    }

    [Test]
    public void A_model_on_a_volume_is_mounted_for_the_fetching_container_alone()
    {
        var revision = Revision();
        revision.Spec.Model.Uri = "pvc://models/digits/3";
        var pod = ModelPod.Template(revision).Spec!;
        Assert.Multiple(() =>
        {
            Assert.That(Variable(revision, "MODEL_URI").Value, Is.EqualTo("file:///source/digits/3"));
            Assert.That(pod.Volumes!.Single(volume => volume.Name == "source").PersistentVolumeClaim!.ClaimName, Is.EqualTo("models"));
            Assert.That(pod.InitContainers![0].VolumeMounts!.Single(mount => mount.Name == "source").ReadOnlyProperty, Is.True);
            Assert.That(pod.Containers[0].VolumeMounts!.Select(mount => mount.Name), Is.EqualTo(["model"]));
        });
    }

    private static V1EnvVar Variable(V1Alpha1ModelRevision revision, string name) =>
        ModelPod.Template(revision).Spec!.InitContainers![0].Env!.Single(variable => variable.Name == name);

    private static V1Alpha1ModelRevision Revision() => new()
    {
        Metadata = new V1ObjectMeta { Name = "digits-r3", Uid = "u" },
        Spec = new ModelRevisionSpec
        {
            Deployment = "digits",
            Number = 3,
            Version = "3",
            Model = new ModelSource { Uri = "http://models/digits/3/model.onnx" },
            ServingRuntime = new ServingRuntimeSpec { Image = "serving:1", Args = ["serve"], Fetch = new ModelFetcher { Image = "serving:1", Args = ["fetch"] } },
        },
    };
}
