using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Resources;
using ModelOperator.DevCluster.ApiServer.Storage;
using ModelOperator.DevCluster.ApiServer.Tables;
using ModelOperator.DevCluster.ApiServer.Watching;

namespace ModelOperator.DevCluster.ApiServer.Http;

/// <summary>Answers every request for a resource: turns the HTTP method into a verb and the result into a response.</summary>
internal sealed class ResourceEndpoint(
    ObjectStore store,
    ObjectReader reader,
    ObjectWriter writer,
    ObjectPatcher patcher,
    ObjectDeleter deleter,
    SubresourceEndpoint subresources,
    TimeProvider time)
{
    private static readonly TimeSpan DefaultWatchTimeout = TimeSpan.FromMinutes(30);
    private static readonly Schemas.SchemaNode DeleteSchema = Schemas.BuiltInSchemas.Instance["DeleteOptions"];

    public Task HandleAsync(HttpContext context, ResourcePath path)
    {
        if (path.Subresource is not (null or "status"))
        {
            return subresources.HandleAsync(context, path);
        }

        if (path.Subresource == "status" && !path.Kind.HasStatus)
        {
            throw ApiErrors.PathNotFound();
        }

        var verb = Verb(context.Request, path);
        if (verb is null || !path.Kind.Allows(verb))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        if (path.Kind.DeprecationWarning is { } warning)
        {
            ResponseWriter.AddWarnings(context, [warning]);
        }

        return verb switch
        {
            "get" => GetAsync(context, path),
            "list" => ListAsync(context, path),
            "watch" => WatchAsync(context, path),
            "create" => CreateAsync(context, path),
            "update" => UpdateAsync(context, path),
            "patch" => PatchAsync(context, path),
            "delete" => DeleteAsync(context, path),
            _ => DeleteCollectionAsync(context, path),
        };
    }

    private static string? Verb(HttpRequest request, ResourcePath path)
    {
        var named = path.Name is not null;
        return request.Method switch
        {
            "GET" or "HEAD" when request.Query["watch"] == "true" || request.Query["watch"] == "1" => "watch",
            "GET" or "HEAD" => named ? "get" : "list",
            "POST" when !named => "create",
            "PUT" when named => "update",
            "PATCH" when named => "patch",
            "DELETE" when path.Subresource is null => named ? "delete" : "deletecollection",
            _ => null,
        };
    }

    private Task GetAsync(HttpContext context, ResourcePath path)
    {
        reader.CheckVersion(context.Request.Query);
        return WriteObjectAsync(context, path.Kind, reader.Get(path.Kind, path.Namespace, path.Name!), 200);
    }

    private Task ListAsync(HttpContext context, ResourcePath path)
    {
        var query = context.Request.Query;
        var (items, metadata) = reader.List(path.Kind, ObjectFilter.From(path, query), ListOptions.From(query, isWatch: false));
        return WriteListAsync(context, path.Kind, items, metadata);
    }

    private Task WriteListAsync(HttpContext context, ResourceKind kind, IReadOnlyList<StoredObject> items, JsonObject metadata)
    {
        switch (OutputFormats.Negotiate(context.Request))
        {
            case OutputFormat.Table:
                var rows = items.Select(item => ObjectView.Of(item, kind));
                return ResponseWriter.WriteAsync(context, 200, TableBuilder.Build(kind, rows, metadata, IncludeObject(context), time.GetUtcNow()));
            case OutputFormat.PartialMetadata:
                return ResponseWriter.WriteAsync(context, 200, new JsonObject
                {
                    ["kind"] = "PartialObjectMetadataList",
                    ["apiVersion"] = "meta.k8s.io/v1",
                    ["metadata"] = metadata,
                    ["items"] = new JsonArray([.. items.Select(item => ObjectView.PartialMetadata(item.Content))]),
                });
            default:
                return ResponseWriter.WriteAsync(context, 200, ListText.Utf8(kind, items, metadata));
        }
    }

    private Task WatchAsync(HttpContext context, ResourcePath path)
    {
        var query = context.Request.Query;
        var options = ListOptions.From(query, isWatch: true);
        var timeout = int.TryParse(query["timeoutSeconds"], out var seconds) && seconds > 0 ? TimeSpan.FromSeconds(seconds) : DefaultWatchTimeout;
        var request = new WatchRequest(
            path.Kind,
            ObjectFilter.From(path, query),
            options.ResourceVersion,
            options.SendInitialEvents,
            query["allowWatchBookmarks"] == "true",
            timeout,
            OutputFormats.Negotiate(context.Request),
            IncludeObject(context));
        return new WatchStream(store, time, request, context.Response).RunAsync(context.RequestAborted);
    }

    private async Task CreateAsync(HttpContext context, ResourcePath path)
    {
        if (path.Kind.Namespaced && path.Namespace is null)
        {
            throw ApiErrors.MethodNotAllowed();
        }

        var request = WriteRequestOf(context, path);
        var duplicates = new List<string>();
        var obj = (await RequestBody.ReadAsync(context.Request)).Object(path.Kind.Custom ? Schemas.SchemaNode.Any : path.Kind.Schema, duplicates);
        ObjectDecoder.Decode(obj, request, duplicates);
        var created = await writer.CreateAsync(request, obj, context.RequestAborted);
        ResponseWriter.AddWarnings(context, request.Options.Warnings);
        await WriteObjectAsync(context, path.Kind, created, 201);
    }

    private async Task UpdateAsync(HttpContext context, ResourcePath path)
    {
        var request = WriteRequestOf(context, path);
        var duplicates = new List<string>();
        var obj = (await RequestBody.ReadAsync(context.Request)).Object(path.Kind.Custom ? Schemas.SchemaNode.Any : path.Kind.Schema, duplicates);
        ObjectDecoder.Decode(obj, request, duplicates);
        if (path.Kind.UpdatesNeedVersion && obj.ResourceVersion() is null)
        {
            throw ApiErrors.Invalid(
                path.Kind.Group, path.Kind.Plural, path.Name!, [Schemas.FieldError.Invalid("metadata.resourceVersion", "0", "must be specified for an update")]);
        }

        var updated = await writer.UpdateAsync(request, _ => obj.Copy(), context.RequestAborted);
        ResponseWriter.AddWarnings(context, request.Options.Warnings);
        await WriteObjectAsync(context, path.Kind, updated, 200);
    }

    private async Task PatchAsync(HttpContext context, ResourcePath path)
    {
        var body = await RequestBody.ReadAsync(context.Request);
        var request = WriteRequestOf(context, path, body.MediaType == ObjectPatcher.Apply);
        var (patched, created) = await patcher.PatchAsync(request, body, context.RequestAborted);
        ResponseWriter.AddWarnings(context, request.Options.Warnings);
        await WriteObjectAsync(context, path.Kind, patched, created ? 201 : 200);
    }

    private async Task DeleteAsync(HttpContext context, ResourcePath path)
    {
        var body = await RequestBody.ReadAsync(context.Request);
        var options = DeleteOptions.From(context.Request.Query, body.IsEmpty ? null : body.Object(DeleteSchema));
        var request = DeleteRequestOf(context, path, body);
        var (obj, gone) = await deleter.DeleteAsync(request, options, context.RequestAborted);
        ResponseWriter.AddWarnings(context, request.Options.Warnings);
        if (!gone || path.Kind.ReturnsDeleted)
        {
            await WriteObjectAsync(context, path.Kind, obj, 200);
            return;
        }

        var details = new JsonObject { ["name"] = path.Name };
        if (path.Kind.Group.Length > 0)
        {
            details["group"] = path.Kind.Group;
        }

        details["kind"] = path.Kind.Plural;
        details["uid"] = obj.Content.Uid();
        await ResponseWriter.WriteAsync(context, 200, Success(details));
    }

    private async Task DeleteCollectionAsync(HttpContext context, ResourcePath path)
    {
        var body = await RequestBody.ReadAsync(context.Request);
        var options = DeleteOptions.From(context.Request.Query, body.IsEmpty ? null : body.Object(DeleteSchema));
        var query = context.Request.Query;
        var (items, metadata) = reader.List(path.Kind, ObjectFilter.From(path, query), ListOptions.From(query, isWatch: false));
        var deleted = new List<StoredObject>();
        foreach (var item in items)
        {
            try
            {
                var one = path with { Namespace = path.Kind.Namespaced ? item.Key.Namespace : null, Name = item.Key.Name };
                deleted.Add((await deleter.DeleteAsync(DeleteRequestOf(context, one, body), options, context.RequestAborted)).Object);
            }
            catch (ApiException exception) when (exception.Code == 404)
            {
                // Someone else deleted it first.
            }
        }

        await WriteListAsync(context, path.Kind, deleted, metadata);
    }

    private static JsonObject Success(JsonObject details) =>
        new() { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["details"] = details };

    private Task WriteObjectAsync(HttpContext context, ResourceKind kind, StoredObject stored, int code)
    {
        switch (OutputFormats.Negotiate(context.Request))
        {
            case OutputFormat.Table:
                var obj = ObjectView.Of(stored, kind);
                var metadata = new JsonObject { ["resourceVersion"] = obj.ResourceVersion() };
                return ResponseWriter.WriteAsync(context, code, TableBuilder.Build(kind, [obj], metadata, IncludeObject(context), time.GetUtcNow()));
            case OutputFormat.PartialMetadata:
                return ResponseWriter.WriteAsync(context, code, ObjectView.PartialMetadata(stored.Content));
            default:
                return ResponseWriter.WriteAsync(context, code, ObjectView.Utf8(stored, kind));
        }
    }

    private static WriteRequest WriteRequestOf(HttpContext context, ResourcePath path, bool isApply = false) =>
        new(path.Kind, path.Namespace, path.Name, path.Subresource ?? "", WriteOptions.From(context.Request, isApply));

    // dryRun of a delete may also stand in its body.
    private static WriteRequest DeleteRequestOf(HttpContext context, ResourcePath path, RequestBody body)
    {
        var request = WriteRequestOf(context, path);
        var dryRun = !body.IsEmpty && body.Object(DeleteSchema).ArrayAt("dryRun") is { Count: > 0 };
        return dryRun ? request with { Options = request.Options with { DryRun = true } } : request;
    }

    private static string IncludeObject(HttpContext context) => context.Request.Query["includeObject"].FirstOrDefault() ?? "Metadata";
}
