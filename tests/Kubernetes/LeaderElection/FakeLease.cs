using System.Net;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.LeaderElection;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Tests.LeaderElection;

/// <summary>A Lease in memory whose server can be away, and can hang.</summary>
internal sealed class FakeLease : ILeaseLock
{
    private int _version;

    public LeaseVersion? Current { get; private set; }

    /// <summary>The requests that came, in order: <c>get</c>, <c>create</c>, <c>replace</c>.</summary>
    public List<string> Requests { get; } = [];

    public List<string> Told { get; } = [];

    /// <summary>Thrown by every request.</summary>
    public Exception? Failure { get; set; }

    /// <summary>How many more requests get no answer, heed no cancellation, and change nothing.</summary>
    public int Hanging { get; set; }

    public void Write(LeaseRecord record) => Current = new LeaseVersion(record, $"{++_version}");

    public Task<LeaseVersion?> GetAsync(CancellationToken cancellationToken) => Answer("get", () => Current);

    public Task<LeaseVersion> CreateAsync(LeaseRecord record, CancellationToken cancellationToken) => Answer("create", () =>
    {
        Write(Current is null ? record : throw Refusal("AlreadyExists"));
        return Current!;
    });

    public Task<LeaseVersion> ReplaceAsync(LeaseRecord record, string resourceVersion, CancellationToken cancellationToken) => Answer("replace", () =>
    {
        Write(Current?.ResourceVersion == resourceVersion ? record : throw Refusal("Conflict"));
        return Current!;
    });

    public void Tell(string message) => Told.Add(message);

    private static KubernetesException Refusal(string reason) => new(HttpStatusCode.Conflict, new V1Status { Reason = reason });

    private async Task<T> Answer<T>(string request, Func<T> answer)
    {
        lock (Requests)
        {
            Requests.Add(request);
        }

        if (Hanging > 0)
        {
            Hanging--;
            await new TaskCompletionSource().Task;
        }

        return Failure is { } failure ? throw failure : answer();
    }
}
