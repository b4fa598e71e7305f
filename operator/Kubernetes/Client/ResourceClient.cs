using System.Globalization;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Client;

/// <summary>
/// A client of one kind whose objects are JSON as the server writes it, so that a field that no type knows survives
/// reading and writing back.
/// </summary>
public sealed class ResourceClient
{
    private const int PageSize = 500;
    private const string Scale = "scale";

    private readonly KubernetesTransport _transport;
    private readonly EntityMetadata _kind;
    private readonly KubernetesClientConfiguration _configuration;

    internal ResourceClient(KubernetesTransport transport, EntityMetadata kind, KubernetesClientConfiguration configuration)
    {
        _transport = transport;
        _kind = kind;
        _configuration = configuration;
    }

    /// <summary>Reads one object; null when it does not exist.</summary>
    public Task<JsonObject?> GetAsync(string name, string? namespaceName = null, CancellationToken cancellationToken = default) =>
        GetAsync<JsonObject>(RequestPath.Object(_kind, name, namespaceName), cancellationToken);

    /// <summary>Lists objects, in pages, of one namespace or (null) of all.</summary>
    public async Task<JsonArray> ListAsync(string? namespaceName = null, string? labelSelector = null, CancellationToken cancellationToken = default)
    {
        var items = new JsonArray();
        string? next = null;
        while (true)
        {
            JsonObject page;
            try
            {
                page = await ListPageAsync(next, PageSize);
            }
            catch (KubernetesException refusal) when (refusal.IsExpired && next is not null)
            {
                // The snapshot behind the pages is gone; a list in one piece needs none.
                items.Clear();
                page = await ListPageAsync(next: null, limit: null);
            }

            foreach (var item in page["items"] as JsonArray ?? [])
            {
                items.Add(item?.DeepClone());
            }

            next = page["metadata"]?["continue"]?.GetValue<string>();
            if (string.IsNullOrEmpty(next))
            {
                return items;
            }
        }

        Task<JsonObject> ListPageAsync(string? next, int? limit) => _transport.SendAsync<JsonObject>(
            HttpMethod.Get,
            RequestPath.Collection(_kind, namespaceName)
                .With("labelSelector", labelSelector)
                .With("limit", limit?.ToString(CultureInfo.InvariantCulture))
                .With("continue", next)
                .ToString(),
            body: null,
            cancellationToken);
    }

    /// <summary>Creates an object in the namespace that its metadata names.</summary>
    public Task<JsonObject> CreateAsync(JsonObject entity, string? fieldManager = null, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<JsonObject>(
            HttpMethod.Post,
            RequestPath.Home(_kind, Metadata(entity, "namespace"), Metadata(entity, "name") ?? "").ForWrite(_configuration, fieldManager).ToString(),
            RequestBody.Of(entity),
            cancellationToken);

    /// <summary>Replaces an object; fails with Conflict when its resourceVersion is set and not current.</summary>
    public Task<JsonObject> UpdateAsync(JsonObject entity, string? fieldManager = null, CancellationToken cancellationToken = default) =>
        _transport.SendAsync<JsonObject>(
            HttpMethod.Put,
            RequestPath.Object(_kind, Metadata(entity, "name") ?? "", Metadata(entity, "namespace")).ForWrite(_configuration, fieldManager).ToString(),
            RequestBody.Of(entity),
            cancellationToken);

    /// <summary>Patches an object, or a subresource of it.</summary>
    public Task<JsonObject> PatchAsync(
        string name, string? namespaceName, PatchType type, JsonNode patch, string? subresource = null, string? fieldManager = null, CancellationToken cancellationToken = default) =>
        PatchAsync<JsonObject>(name, namespaceName, type, patch, subresource, fieldManager, cancellationToken);

    /// <summary>Deletes an object; one that does not exist is no error. Returns whether it existed.</summary>
    public async Task<bool> DeleteAsync(
        string name, string? namespaceName = null, DeleteOptions? options = null, CancellationToken cancellationToken = default)
    {
        try
        {
            await _transport.SendAsync<JsonObject>(
                HttpMethod.Delete,
                RequestPath.Object(_kind, name, namespaceName).ToString(),
                options is null ? null : RequestBody.Delete(options),
                cancellationToken);
            return true;
        }
        catch (KubernetesException refusal) when (refusal.IsNotFound)
        {
            return false;
        }
    }

    /// <summary>Reads the scale of an object; null when it does not exist.</summary>
    public Task<V1Scale?> GetScaleAsync(string name, string? namespaceName = null, CancellationToken cancellationToken = default) =>
        GetAsync<V1Scale>(RequestPath.Object(_kind, name, namespaceName, Scale), cancellationToken);

    /// <summary>Patches the scale of an object.</summary>
    public Task<V1Scale> PatchScaleAsync(
        string name, string? namespaceName, PatchType type, JsonNode patch, string? fieldManager = null, CancellationToken cancellationToken = default) =>
        PatchAsync<V1Scale>(name, namespaceName, type, patch, Scale, fieldManager, cancellationToken);

    private static string? Metadata(JsonObject entity, string field) => entity["metadata"]?[field]?.GetValue<string>();

    private async Task<T?> GetAsync<T>(RequestPath path, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await _transport.SendAsync<T>(HttpMethod.Get, path.ToString(), body: null, cancellationToken);
        }
        catch (KubernetesException refusal) when (refusal.IsNotFound)
        {
            return null;
        }
    }

    private Task<T> PatchAsync<T>(
        string name, string? namespaceName, PatchType type, JsonNode patch, string? subresource, string? fieldManager, CancellationToken cancellationToken) =>
        _transport.SendAsync<T>(
            HttpMethod.Patch,
            RequestPath.Object(_kind, name, namespaceName, subresource).ForWrite(_configuration, fieldManager).ToString(),
            RequestBody.Patch(type, patch),
            cancellationToken);
}
