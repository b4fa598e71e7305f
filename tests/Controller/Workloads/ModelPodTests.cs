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
