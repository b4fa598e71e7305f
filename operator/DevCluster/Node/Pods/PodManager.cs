using System.Collections.Concurrent;
using System.Net;
using ModelOperator.DevCluster.Node.Addresses;
using ModelOperator.DevCluster.Node.Containers;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>The pods of this node, a worker each.</summary>
internal sealed partial class PodManager(NodeOptions options, PodAddressPool addresses, PodContext context, ILogger<PodManager> logger)
{
    private readonly ConcurrentDictionary<string, PodWorker> _workers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, byte> _running = new();
    private volatile bool _stopping;

    /// <summary>Takes in a change of a pod; called in order.</summary>
    public void OnPodChanged(InformerEvent<V1Pod> change)
    {
        var pod = change.Object;
        if (pod.Spec?.NodeName != options.Name || pod.Metadata.Uid is not { } uid || _stopping)
        {
            return;
        }

        if (change.Type == WatchEventType.Deleted)
        {
            if (_workers.TryGetValue(uid, out var gone))
            {
                gone.Vanish();
            }

            return;
        }

        // A name can be taken again before the last event of its former holder: the UID tells them apart.
        if (change.Previous is { Metadata.Uid: { } before } && before != uid && _workers.TryGetValue(before, out var replaced))
        {
            replaced.Vanish();
        }

        if (_workers.TryGetValue(uid, out var worker))
        {
            worker.Update(pod);
        }
        else if (pod.Status?.Phase is not ("Succeeded" or "Failed") || pod.Metadata.DeletionTimestamp is not null)
        {
            Start(uid, pod);
        }
    }

    /// <summary>The worker of a pod, by name.</summary>
    public PodWorker? Find(string namespaceName, string name) => _workers.Values
        .Where(w => w.Pod.Metadata.Name == name && w.Pod.Metadata.NamespaceProperty == namespaceName)
        .MaxBy(w => w.Pod.Metadata.CreationTimestamp);

    /// <summary>Ends every container; afterwards none of their processes is left.</summary>
    public async Task StopAsync()
    {
        _stopping = true;
        foreach (var worker in _workers.Values)
        {
            worker.Abandon(options.StopPatience);
        }

        await Task.WhenAll(_running.Keys);
    }

    private void Start(string uid, V1Pod pod)
    {
        var ownsAddress = pod.Spec?.HostNetwork != true;
        var address = ownsAddress ? addresses.Rent() : options.Address;
        var directory = new PodDirectory(Path.Combine(options.StateDirectory, uid));
        var worker = new PodWorker(pod, address, directory, context);
        _workers[uid] = worker;
        worker.Update(pod);
        var task = RunAsync(uid, worker, address, ownsAddress);
        _running[task] = 0;
        _ = task.ContinueWith(t => _running.TryRemove(t, out _), TaskScheduler.Default);
    }

    private async Task RunAsync(string uid, PodWorker worker, IPAddress address, bool ownsAddress)
    {
        await Task.Yield();
        try
        {
            await worker.RunAsync();
        }
        catch (Exception e)
        {
            LogWorkerBroke(worker.State.Identity, e);
        }
        finally
        {
            _workers.TryRemove(uid, out _);
            worker.Dispose();
            if (ownsAddress)
            {
                addresses.Return(address);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "{Pod}: its worker broke; its processes end with the node")]
    private partial void LogWorkerBroke(string pod, Exception error);
}
