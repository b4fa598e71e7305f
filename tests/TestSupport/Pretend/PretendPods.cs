using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelOperator.Api.Conventions;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.TestSupport.Pretend;

/// <summary>Pods that are ready as soon as a Deployment asks for them.</summary>
public sealed class PretendPods : IAsyncDisposable
{
    private const int Kubelets = 8;
    private static readonly string Digest = new('a', 64);

    private readonly KubernetesClient _client;
    private readonly string _address;
    private readonly Channel<V1Deployment>[] _deployments;
    private readonly Task[] _kubelets;

    /// <param name="client">The cluster.</param>
    /// <param name="informers">Are run by the caller, after this.</param>
    /// <param name="address">The address of all of them.</param>
    public PretendPods(KubernetesClient client, SharedInformers informers, string address)
    {
        (_client, _address) = (client, address);
        _deployments = [.. Enumerable.Range(0, Kubelets).Select(_ => Channel.CreateUnbounded<V1Deployment>())];
        _kubelets = [.. _deployments.Select(deployments => Task.Run(() => RunAsync(deployments.Reader)))];
        informers.Get<V1Deployment>().AddHandler(change => Follow(change.Object));
    }

    /// <summary>The pod of a router, which is ready too.</summary>
    /// <param name="home">The operator's namespace.</param>
    public Task CreateRouterAsync(string home = "modeloperator-system") => CreateReadyAsync(new V1Pod
    {
        Metadata = new V1ObjectMeta
        {
            Name = "router-0",
            NamespaceProperty = home,
            Labels = new Dictionary<string, string> { [LabelNames.AppComponent] = "router", [LabelNames.AppPartOf] = ApiGroup.FieldManager },
        },
        Spec = new V1PodSpec { Containers = [new V1Container { Name = "router", Image = "router" }] },
    });

    private void Follow(V1Deployment deployment) =>
        _deployments[(uint)StringComparer.Ordinal.GetHashCode(deployment.Name()) % Kubelets].Writer.TryWrite(deployment);

    private async Task CreateReadyAsync(V1Pod pod)
    {
        await _client.CreateAsync(pod);
        var status = new JsonObject
        {
            ["phase"] = "Running",
            ["podIP"] = _address,
            ["conditions"] = new JsonArray(new JsonObject { ["type"] = "Ready", ["status"] = "True" }),
            ["initContainerStatuses"] = new JsonArray(new JsonObject
            {
                ["name"] = "fetch",
                ["ready"] = true,
                ["restartCount"] = 0,
                ["image"] = "",
                ["imageID"] = "",
                ["state"] = new JsonObject
                {
                    ["terminated"] = new JsonObject { ["exitCode"] = 0, ["message"] = $$"""{"sha256":"{{Digest}}","bytes":3}""" },
                },
            }),
        };
        await _client.PatchAsync<V1Pod>(pod.Name(), pod.Namespace(), PatchType.MergePatch, new JsonObject { ["status"] = status }, subresource: "status");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var deployments in _deployments)
        {
            deployments.Writer.Complete();
        }

        await Task.WhenAll(_kubelets);
    }

    private async Task RunAsync(ChannelReader<V1Deployment> deployments)
    {
        var pods = new Dictionary<string, int>();
        await foreach (var deployment in deployments.ReadAllAsync())
        {
            var there = pods.GetValueOrDefault(deployment.Name());
            var wanted = deployment.Spec?.Replicas ?? 1;
            for (; there < wanted; there++)
            {
                await CreateReadyAsync(new V1Pod
                {
                    Metadata = new V1ObjectMeta
                    {
                        Name = $"{deployment.Name()}-{there}",
                        NamespaceProperty = deployment.Namespace(),
                        Labels = deployment.Spec!.Template!.Metadata!.Labels,
                    },
                    Spec = deployment.Spec.Template.Spec!,
                });
            }

            for (; there > wanted; there--)
            {
                await _client.DeleteAsync<V1Pod>($"{deployment.Name()}-{there - 1}", deployment.Namespace(), new DeleteOptions { GracePeriodSeconds = 0 });
            }

            pods[deployment.Name()] = there;
        }
    }
}
