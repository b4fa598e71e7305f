using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.Controllers.ReplicaSets;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Events;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.DevCluster.Controllers.Jobs;

/// <summary>Runs jobs to their end.</summary>
internal sealed class JobController : IClusterController
{
    private const string PodsByJob = "job";

    private readonly IKubernetesClient _client;
    private readonly PathClient _paths;
    private readonly IEventPublisher _events;
    private readonly IInformer<Job> _jobs;
    private readonly IInformer<V1Pod> _pods;
    private readonly JobBackoff _backoff;
    private readonly TimeProvider _time;
    private readonly Expectations _expectations;
    private readonly KeyedLoop _loop;

    /// <summary>The version of the latest status written of each job: an older one in the cache must not be counted on.</summary>
    private readonly ConcurrentDictionary<string, ulong> _written = new(StringComparer.Ordinal);

    public JobController(
        IKubernetesClient client,
        PathClient paths,
        IEventPublisher events,
        SharedInformers informers,
        JobBackoff backoff,
        TimeProvider time,
        ILogger<JobController> logger)
    {
        _client = client;
        _paths = paths;
        _events = events;
        _backoff = backoff;
        _time = time;
        _expectations = new Expectations(time);
        _jobs = informers.Get<Job>();
        _pods = informers.Get<V1Pod>();
        _loop = new KeyedLoop("job", ReconcileAsync, time, logger);
        _pods.AddIndex(PodsByJob, pod => pod.GetController() is { Kind: "Job" } owner ? [owner.Uid] : []);
        _jobs.AddHandler(OnJobChanged);
        _pods.AddHandler(OnPodChanged);
    }

    public Task RunAsync(CancellationToken cancellationToken) => _loop.RunAsync(cancellationToken);

    public void Dispose() => _loop.Dispose();

    private void OnJobChanged(InformerEvent<Job> change)
    {
        if (change.Type == WatchEventType.Deleted)
        {
            _written.TryRemove(change.Object.Uid() ?? "", out _);
        }

        _loop.Add(change.Object.Key());
    }

    private void OnPodChanged(InformerEvent<V1Pod> change)
    {
        var pod = change.Object;
        if (pod.GetController() is not { Kind: "Job" } owner)
        {
            return;
        }

        var key = new ObjectKey(pod.Metadata.NamespaceProperty ?? "", owner.Name);
        var gone = change.Type == WatchEventType.Deleted;
        _expectations.Settle(key, Creation(pod.Name()));
        if (gone || pod.Metadata.DeletionTimestamp is not null)
        {
            _expectations.Settle(key, Deletion(pod.Uid()!));
        }

        if (gone || !pod.IsTracked())
        {
            _expectations.Settle(key, Release(pod.Uid()!));
        }

        _loop.Add(key);
    }

    private async Task<DateTimeOffset?> ReconcileAsync(ObjectKey key, CancellationToken cancellationToken)
    {
        var job = _jobs.Get(key.Name, key.Namespace);
        await ReleaseOrphansAsync(key, job?.Uid(), cancellationToken);
        if (job is not { Metadata.Uid: { } uid } || job.Spec.ManagedBy is not (null or "kubernetes.io/job-controller"))
        {
            return null;
        }

        // A pass on an old view could count a pod twice or not at all: the event that makes it new comes here again.
        if (_expectations.OutstandingUntil(key) is { } staleUntil)
        {
            return staleUntil;
        }

        if (_written.TryGetValue(uid, out var written) && VersionOf(job) < written)
        {
            return null;
        }

        var plan = JobPlanner.Plan(job, _pods.ByIndex(PodsByJob, uid), _backoff, _time.GetUtcNow());
        if (plan.Expired)
        {
            await _client.DeleteAsync<Job>(key.Name, key.Namespace, new DeleteOptions(PropagationPolicy: "Background", Uid: uid), cancellationToken);
            return null;
        }

        if (job.Status.StartTime is null && Unsupported(job) is { } field)
        {
            await _events.PublishAsync(
                job, EventType.Warning, "Unsupported", $"{field} is not implemented here: the job runs as if it had none", field, cancellationToken);
        }

        await Task.WhenAll(
            [
                .. plan.Create.Select(index => CreateAsync(key, job, index, cancellationToken)),
                .. plan.Delete.Select(pod => DeleteAsync(key, job, pod, cancellationToken)),
            ]);
        await WriteStatusAsync(job, plan.Status, cancellationToken);
        if (plan.Event is var (type, reason, message))
        {
            await _events.PublishAsync(job, type, reason, message, $"{reason}/{VersionOf(job)}", cancellationToken);
        }

        await Task.WhenAll(plan.Release.Select(pod => ReleaseAsync(key, pod, cancellationToken)));
        return plan.LookAgainAt;
    }

    private async Task CreateAsync(ObjectKey key, Job job, int? index, CancellationToken cancellationToken)
    {
        var pod = JobPodFactory.Create(job, index);
        var name = (string)pod["metadata"]!["name"]!;
        _expectations.Expect(key, Creation(name));
        try
        {
            await _paths.SendAsync<JsonObject>(
                HttpMethod.Post, $"/api/v1/namespaces/{key.Namespace}/pods?fieldManager=kube-controller-manager", pod, cancellationToken);
        }
        catch
        {
            _expectations.Settle(key, Creation(name));
            throw;
        }

        await _events.PublishAsync(job, EventType.Normal, "SuccessfulCreate", $"Created pod: {name}", name, cancellationToken);
    }

    private async Task DeleteAsync(ObjectKey key, Job job, V1Pod pod, CancellationToken cancellationToken)
    {
        _expectations.Expect(key, Deletion(pod.Uid()!));
        try
        {
            if (!await _client.DeleteAsync<V1Pod>(pod.Name(), key.Namespace, new DeleteOptions(Uid: pod.Uid()), cancellationToken))
            {
                _expectations.Settle(key, Deletion(pod.Uid()!));
            }
        }
        catch
        {
            _expectations.Settle(key, Deletion(pod.Uid()!));
            throw;
        }

        await _events.PublishAsync(job, EventType.Normal, "SuccessfulDelete", $"Deleted pod: {pod.Name()}", $"-{pod.Name()}", cancellationToken);
    }

    /// <summary>Nobody counts the pods of a job that is gone.</summary>
    private Task ReleaseOrphansAsync(ObjectKey key, string? uid, CancellationToken cancellationToken) => Task.WhenAll(
        _pods.List(key.Namespace)
            .Where(p => p.IsTracked() && p.GetController() is { Kind: "Job" } owner && owner.Name == key.Name && owner.Uid != uid)
            .Select(pod => ReleaseAsync(key, pod, cancellationToken)));

    private async Task ReleaseAsync(ObjectKey key, V1Pod pod, CancellationToken cancellationToken)
    {
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["uid"] = pod.Uid(),
                ["$deleteFromPrimitiveList/finalizers"] = new JsonArray(JobPods.TrackingFinalizer),
            },
        };
        _expectations.Expect(key, Release(pod.Uid()!));
        try
        {
            await _client.PatchAsync<V1Pod>(pod.Name(), key.Namespace, PatchType.StrategicMergePatch, patch, cancellationToken: cancellationToken);
        }
        catch (KubernetesException e) when (e.IsNotFound || e.IsConflict)
        {
            // Gone, or another pod of that name: nothing to hold.
            _expectations.Settle(key, Release(pod.Uid()!));
        }
        catch
        {
            _expectations.Settle(key, Release(pod.Uid()!));
            throw;
        }
    }

    /// <summary>Writes what differs; a job that has changed since it was read is a conflict, so that no count is lost.</summary>
    private async Task WriteStatusAsync(Job job, JobStatus status, CancellationToken cancellationToken)
    {
        var before = (JsonObject)JsonSerializer.SerializeToNode(job.Status, KubernetesJson.Options)!;
        var now = (JsonObject)JsonSerializer.SerializeToNode(status, KubernetesJson.Options)!;
        var changed = new JsonObject();
        foreach (var name in before.Select(f => f.Key).Union(now.Select(f => f.Key)))
        {
            // The API leaves zeros out of what it answers.
            var zero = now[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number && (int)value == 0;
            if (!JsonNode.DeepEquals(before[name], now[name]) && !(before[name] is null && zero && name is not ("ready" or "terminating")))
            {
                changed[name] = now[name]?.DeepClone();
            }
        }

        if (changed.Count == 0)
        {
            return;
        }

        // What is noted replaces what was: a merge would keep UIDs that are gone.
        if (changed["uncountedTerminatedPods"] is JsonObject uncounted)
        {
            uncounted.TryAdd("succeeded", null);
            uncounted.TryAdd("failed", null);
        }

        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = job.Uid(), ["resourceVersion"] = job.Metadata.ResourceVersion },
            ["status"] = changed,
        };
        var answer = await _client.PatchAsync<Job>(
            job.Name(), job.Metadata.NamespaceProperty, PatchType.MergePatch, patch, "status", cancellationToken: cancellationToken);
        _written[job.Uid()!] = VersionOf(answer);
    }

    private static string? Unsupported(Job job) => job.Spec switch
    {
        { PodFailurePolicy: not null } => "spec.podFailurePolicy",
        { SuccessPolicy: not null } => "spec.successPolicy",
        { BackoffLimitPerIndex: not null } => "spec.backoffLimitPerIndex",
        _ => null,
    };

    private static ulong VersionOf(Job job) =>
        ulong.TryParse(job.Metadata.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : 0;

    private static string Creation(string podName) => $"+{podName}";

    private static string Deletion(string podUid) => $"-{podUid}";

    private static string Release(string podUid) => $"~{podUid}";
}
