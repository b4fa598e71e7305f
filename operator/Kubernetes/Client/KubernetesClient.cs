using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Client;

/// <summary>A client over HTTP/2 or HTTP/1.1. One serves a whole process; it may be used from many threads.</summary>
public sealed class KubernetesClient : IKubernetesClient, IDisposable
{
    private readonly KubernetesTransport _transport;

    /// <param name="configuration">The cluster, and who asks.</param>
    /// <param name="timeProvider">The clock of time limits and waits; null: the system's.</param>
    /// <param name="logger">Told of what the server and the configuration warn of; null: nobody.</param>
    /// <param name="metrics">Counts requests; null: nobody does.</param>
    /// <exception cref="KubernetesConfigurationException">The configuration asks for what cannot be sent.</exception>
    public KubernetesClient(
        KubernetesClientConfiguration configuration,
        TimeProvider? timeProvider = null,
        ILogger<KubernetesClient>? logger = null,
        RestClientMetrics? metrics = null)
    {
        Configuration = configuration;
        _transport = new KubernetesTransport(
            configuration, timeProvider ?? TimeProvider.System, logger ?? NullLogger<KubernetesClient>.Instance, metrics);
    }

    /// <summary>The cluster, and who asks.</summary>
    public KubernetesClientConfiguration Configuration { get; }

    /// <inheritdoc/>
    public async Task<T?> GetAsync<T>(string name, string? namespaceName = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            return await SendAsync<T>(HttpMethod.Get, RequestPath.Object<T>(name, namespaceName), body: null, cancellationToken);
        }
        catch (KubernetesException refusal) when (refusal.IsNotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<KubernetesList<T>> ListAsync<T>(ListOptions options, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var items = new List<T>();
        string? next = null;
        while (true)
        {
            V1ListMeta page;
            try
            {
                page = await ListPageAsync(options, next, options.PageSize, items, cancellationToken);
            }
            catch (KubernetesException refusal) when (refusal.IsExpired && next is not null)
            {
                // The snapshot behind the pages is gone; a list in one piece needs none.
                items.Clear();
                page = await ListPageAsync(options, next: null, limit: null, items, cancellationToken);
            }

            next = page.ContinueProperty;
            if (string.IsNullOrEmpty(next))
            {
                return new KubernetesList<T>(items, page.ResourceVersion ?? "");
            }
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        WatchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var path = RequestPath.Collection<T>(options.NamespaceName)
            .With("watch", true)
            .With("allowWatchBookmarks", true)
            .With("labelSelector", options.LabelSelector)
            .With("fieldSelector", options.FieldSelector)
            .With("resourceVersion", options.ResourceVersion)
            .With("timeoutSeconds", options.Timeout is { } time ? ((long)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture) : null);
        if (options.SendInitialEvents)
        {
            path.With("sendInitialEvents", true).With("resourceVersionMatch", "NotOlderThan");
        }

        using var response = await _transport.OpenStreamAsync(path.ToString(), MediaTypes.Watch<T>(), cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var change in WatchStreamReader.ReadAsync<T>(stream, options.OnInvalid, cancellationToken))
        {
            yield return change;
        }
    }

    /// <inheritdoc/>
    public Task<T> CreateAsync<T>(T entity, string? fieldManager = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        SendAsync<T>(
            HttpMethod.Post,
            RequestPath.Home<T>(entity.Namespace(), entity.Name()).ForWrite(Configuration, fieldManager),
            RequestBody.Of(EntityBody.Whole(entity)),
            cancellationToken);

    /// <inheritdoc/>
    public Task<T> UpdateAsync<T>(T entity, string? fieldManager = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        PutAsync(entity, subresource: null, fieldManager, cancellationToken);

    /// <inheritdoc/>
    public Task<T> UpdateStatusAsync<T>(T entity, string? fieldManager = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        PutAsync(entity, "status", fieldManager, cancellationToken);

    /// <inheritdoc/>
    public Task<T> ApplyAsync<T>(T entity, string fieldManager, bool force = true, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        ApplyAsync(entity, EntityBody.Apply(entity), subresource: null, fieldManager, force, cancellationToken);

    /// <inheritdoc/>
    public Task<T> ApplyStatusAsync<T>(T entity, string fieldManager, bool force = true, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        ApplyAsync(entity, EntityBody.ApplyStatus(entity), "status", fieldManager, force, cancellationToken);

    /// <inheritdoc/>
    public Task<T> PatchAsync<T>(
        string name, string? namespaceName, PatchType type, JsonNode patch, string? subresource = null, string? fieldManager = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        SendAsync<T>(
            HttpMethod.Patch,
            RequestPath.Object<T>(name, namespaceName, subresource).ForWrite(Configuration, fieldManager),
            RequestBody.Patch(type, patch),
            cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync<T>(
        string name, string? namespaceName = null, DeleteOptions? options = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            // The answer is the object, or a Status when it is gone at once; neither is of use here.
            await _transport.SendAsync<JsonObject>(
                HttpMethod.Delete,
                RequestPath.Object<T>(name, namespaceName).ToString(),
                options is null ? null : RequestBody.Delete(options),
                cancellationToken);
            return true;
        }
        catch (KubernetesException refusal) when (refusal.IsNotFound)
        {
            return false;
        }
    }

    /// <summary>A client of one kind as plain JSON, for kinds that are only known at run time.</summary>
    public ResourceClient Resource(EntityMetadata kind) => new(_transport, kind, Configuration);

    /// <summary>Reads the scale of an object; null when it does not exist.</summary>
    public Task<V1Scale?> GetScaleAsync<T>(string name, string? namespaceName = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Resource(EntityMetadata.For<T>()).GetScaleAsync(name, namespaceName, cancellationToken);

    /// <summary>Patches the scale of an object.</summary>
    public Task<V1Scale> PatchScaleAsync<T>(
        string name, string? namespaceName, PatchType type, JsonNode patch, string? fieldManager = null, CancellationToken cancellationToken = default)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        Resource(EntityMetadata.For<T>()).PatchScaleAsync(name, namespaceName, type, patch, fieldManager, cancellationToken);

    /// <summary>Closes the connections; watches end with an error.</summary>
    public void Dispose() => _transport.Dispose();

    // Items of lists of built-in kinds carry neither.
    private static void Identify<T>(T entity)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        entity.ApiVersion ??= EntityMetadata.For<T>().ApiVersion;
        entity.Kind ??= EntityMetadata.For<T>().Kind;
    }

    private Task<V1ListMeta> ListPageAsync<T>(
        ListOptions options, string? next, int? limit, List<T> items, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var path = RequestPath.Collection<T>(options.NamespaceName)
            .With("labelSelector", options.LabelSelector)
            .With("fieldSelector", options.FieldSelector)
            // The continue token says the version of the pages that follow.
            .With("resourceVersion", next is null ? options.ResourceVersion : null)
            .With("limit", limit?.ToString(CultureInfo.InvariantCulture))
            .With("continue", next);
        return _transport.ReadAsync(path.ToString(), MediaTypes.List<T>(), new ListStreamReader<T>(items, options.OnInvalid).ReadAsync, cancellationToken);
    }

    private Task<T> ApplyAsync<T>(
        T entity, JsonObject body, string? subresource, string fieldManager, bool force, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        SendAsync<T>(
            HttpMethod.Patch,
            RequestPath.Object<T>(entity.Name(), entity.Namespace(), subresource).ForWrite(Configuration, fieldManager).With("force", force),
            RequestBody.Apply(body),
            cancellationToken);

    private Task<T> PutAsync<T>(T entity, string? subresource, string? fieldManager, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        SendAsync<T>(
            HttpMethod.Put,
            RequestPath.Object<T>(entity.Name(), entity.Namespace(), subresource).ForWrite(Configuration, fieldManager),
            RequestBody.Of(EntityBody.Whole(entity)),
            cancellationToken);

    private async Task<T> SendAsync<T>(HttpMethod method, RequestPath path, RequestBody? body, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var entity = await _transport.SendAsync<T>(method, path.ToString(), body, cancellationToken);
        if (string.IsNullOrEmpty(entity.Metadata.Name))
        {
            throw AnswerReader.NotUnderstood(method, path.Path, $"the answer is a {typeof(T).Name} without metadata.name");
        }

        Identify(entity);
        if (method != HttpMethod.Get)
        {
            WriteLog.Note(entity);
        }

        return entity;
    }
}
