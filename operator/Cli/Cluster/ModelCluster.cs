using System.Text.Json.Nodes;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Views;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Cli.Cluster;

/// <summary>What commands read from a cluster, with the caller's rights.</summary>
internal sealed class ModelCluster(KubernetesClientConfiguration configuration, TimeProvider time) : IAsyncDisposable
{
    private const int PageSize = 500;

    private readonly Lazy<KubernetesClient> _client = new(() => new KubernetesClient(configuration, time));
    private readonly Lazy<PathClient> _paths = new(() => new PathClient(configuration, time));

    /// <summary>The namespace that commands are about.</summary>
    public string Namespace => configuration.Namespace;

    /// <summary>The server's address, without anything secret.</summary>
    public string Server => configuration.Server.GetLeftPart(UriPartial.Authority);

    public KubernetesClient Client => _client.Value;

    public PathClient Paths => _paths.Value;

    /// <summary>ModelDeployments as the server prints them; their namespaces are told when all namespaces are asked for.</summary>
    public async Task<ServerTable> TableAsync(string? namespaceName, string? labelSelector, CancellationToken cancellationToken)
    {
        var path = $"{EntityMetadata.For<V1Alpha1ModelDeployment>().CollectionPath(namespaceName)}?limit={PageSize}"
            + $"&includeObject={(namespaceName is null ? "Metadata" : "None")}{Selector(labelSelector)}";
        var table = new ServerTable();
        string? next = null;
        do
        {
            next = await Paths.ReadAsync(next is null ? path : $"{path}&continue={Uri.EscapeDataString(next)}", ServerTable.MediaType, table.ReadPageAsync, cancellationToken);
        }
        while (next is not null);
        return table;
    }

    /// <summary>ModelDeployments as the server keeps them.</summary>
    public Task<JsonObject> DocumentsAsync(string? namespaceName, string? labelSelector, CancellationToken cancellationToken) =>
        Paths.SendAsync<JsonObject>(
            HttpMethod.Get,
            $"{EntityMetadata.For<V1Alpha1ModelDeployment>().CollectionPath(namespaceName)}?resourceVersion={Selector(labelSelector)}",
            body: null,
            cancellationToken);

    /// <summary>One ModelDeployment as the server keeps it.</summary>
    /// <exception cref="CliException">There is none of that name.</exception>
    public async Task<JsonObject> DocumentAsync(string name, CancellationToken cancellationToken) =>
        await Client.Resource(EntityMetadata.For<V1Alpha1ModelDeployment>()).GetAsync(name, Namespace, cancellationToken)
        ?? throw await NoDeploymentAsync(name, cancellationToken);

    /// <summary>The same cluster, another namespace.</summary>
    public ModelCluster In(string namespaceName) => new(configuration with { Namespace = namespaceName }, time);

    /// <summary>One ModelDeployment; null when there is none of that name.</summary>
    public Task<V1Alpha1ModelDeployment?> FindAsync(string name, CancellationToken cancellationToken) =>
        Client.GetAsync<V1Alpha1ModelDeployment>(name, Namespace, cancellationToken);

    /// <exception cref="CliException">There is none of that name.</exception>
    public async Task<V1Alpha1ModelDeployment> DeploymentAsync(string name, CancellationToken cancellationToken) =>
        await FindAsync(name, cancellationToken) ?? throw await NoDeploymentAsync(name, cancellationToken);

    /// <exception cref="CliException">There is none of that name.</exception>
    public async Task<V1Alpha1ModelRevision> RevisionAsync(string name, CancellationToken cancellationToken)
    {
        if (await Client.GetAsync<V1Alpha1ModelRevision>(name, Namespace, cancellationToken) is { } revision)
        {
            return revision;
        }

        var known = await Client.ListAsync<V1Alpha1ModelRevision>(Namespace, cancellationToken: cancellationToken);
        throw NotFound("ModelRevision", name, known.Items.Select(other => other.Name()));
    }

    /// <summary>The records of a ModelDeployment's revisions, the newest first.</summary>
    public async Task<IReadOnlyList<V1Alpha1ModelRevision>> RevisionsAsync(string deployment, CancellationToken cancellationToken)
    {
        var found = await Client.ListAsync<V1Alpha1ModelRevision>(Namespace, Owned(deployment), cancellationToken: cancellationToken);
        return [.. found.Items.Where(revision => revision.Spec.Deployment == deployment).OrderByDescending(revision => revision.Spec.Number)];
    }

    /// <summary>The pods of a ModelDeployment's revisions.</summary>
    public async Task<IReadOnlyList<V1Pod>> PodsAsync(string deployment, CancellationToken cancellationToken) =>
        [.. (await Client.ListAsync<V1Pod>(Namespace, Owned(deployment), cancellationToken: cancellationToken)).Items];

    /// <summary>Events about an object, the latest first.</summary>
    public async Task<IReadOnlyList<Corev1Event>> EventsAsync(string name, CancellationToken cancellationToken)
    {
        var found = await Client.ListAsync<Corev1Event>(Namespace, fieldSelector: $"involvedObject.name={name}", cancellationToken: cancellationToken);
        return [.. found.Items.OrderByDescending(happened => happened.LastTimestamp ?? happened.Metadata.CreationTimestamp)];
    }

    /// <summary>A ModelDeployment with its revisions and pods.</summary>
    /// <exception cref="CliException">There is none of that name.</exception>
    public async Task<DeploymentView> ViewAsync(string name, CancellationToken cancellationToken)
    {
        var (revisions, pods) = (RevisionsAsync(name, cancellationToken), PodsAsync(name, cancellationToken));
        var deployment = await DeploymentAsync(name, cancellationToken);
        return new DeploymentView(deployment, await revisions, await pods, time.GetUtcNow());
    }

    /// <summary>The selector of what belongs to a ModelDeployment.</summary>
    public static string Owned(string deployment) => $"{LabelNames.Deployment}={deployment}";

    /// <summary>Why a path that every installation has is not there.</summary>
    public async Task<CliException> ExplainMissingAsync(KubernetesException refusal, CancellationToken cancellationToken)
    {
        JsonObject group;
        try
        {
            group = await Paths.SendAsync<JsonObject>(HttpMethod.Get, $"/apis/{ApiGroup.Name}", body: null, cancellationToken);
        }
        catch (KubernetesException missing) when (missing.IsNotFound)
        {
            return new CliException(ExitCode.NoCluster, $"ModelOperator is not installed in the cluster at {Server}: it serves nothing of {ApiGroup.Name}");
        }

        var served = (group["versions"] as JsonArray ?? []).Select(version => version?["version"]?.GetValue<string>()).OfType<string>().ToList();
        return served.Contains(ApiGroup.Version)
            ? new CliException(ExitCode.NoCluster, $"the CRDs in the cluster are older than this plug-in, or incomplete ({refusal.Message}); install those of version {VersionOfProgram.Text}")
            : new CliException(ExitCode.NoCluster, $"the cluster serves {ApiGroup.Name} in {string.Join(", ", served)}, this plug-in knows {ApiGroup.Version} alone; update the older of the two");
    }

    public ValueTask DisposeAsync()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }

        if (_paths.IsValueCreated)
        {
            _paths.Value.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private static string Selector(string? labelSelector) => labelSelector is null ? "" : $"&labelSelector={Uri.EscapeDataString(labelSelector)}";

    private async Task<CliException> NoDeploymentAsync(string name, CancellationToken cancellationToken)
    {
        var known = await TableAsync(Namespace, labelSelector: null, cancellationToken);
        return NotFound("ModelDeployment", name, known.Rows.Select(row => row.Cells[0]));
    }

    /// <summary>There is no object of that name; the nearest known one is suggested.</summary>
    public CliException NotFound(string kind, string name, IEnumerable<string> known)
    {
        var hint = Spelling.Nearest(name, known) is { } nearest ? $"; did you mean {nearest}?" : "";
        return new CliException(ExitCode.NotFound, $"there is no {kind} {name} in namespace {Namespace}{hint}");
    }
}
