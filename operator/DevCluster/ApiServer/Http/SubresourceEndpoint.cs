using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Access;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Patching;
using ModelOperator.DevCluster.ApiServer.Resources;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Http;

/// <summary>The subresources that are not a view of the whole object: scale, binding, eviction, finalize, log.</summary>
internal sealed class SubresourceEndpoint(
    ObjectReader reader, ObjectWriter writer, PodBinding binding, Eviction eviction, KubeletProxy kubelet, TokenRequests tokens)
{
    public Task HandleAsync(HttpContext context, ResourcePath path) => (path.Subresource, path.Kind.Kind, context.Request.Method) switch
    {
        ("scale", _, "GET") when path.Kind.Scale is not null => GetScaleAsync(context, path),
        ("scale", _, "PUT" or "PATCH") when path.Kind.Scale is not null => WriteScaleAsync(context, path),
        ("binding", "Pod", "POST") => BindAsync(context, path),
        ("eviction", "Pod", "POST") => EvictAsync(context, path),
        ("log", "Pod", "GET") => kubelet.LogAsync(context, reader.Get(path.Kind, path.Namespace, path.Name!).Content),
        ("finalize", "Namespace", "PUT") => FinalizeAsync(context, path),
        ("token", "ServiceAccount", "POST") => IssueTokenAsync(context, path),
        (var name, _, _) when IsServed(path, name) => throw ApiErrors.MethodNotAllowed(),
        _ => throw ApiErrors.PathNotFound(),
    };

    private static bool IsServed(ResourcePath path, string? name) =>
        (name == "scale" && path.Kind.Scale is not null) || path.Kind.Subresources.Any(subresource => subresource.Name == name);

    private Task GetScaleAsync(HttpContext context, ResourcePath path) => ResponseWriter.WriteAsync(
        context, 200, ScaleView.Of(ObjectView.Of(reader.Get(path.Kind, path.Namespace, path.Name!), path.Kind), path.Kind.Scale!));

    private async Task WriteScaleAsync(HttpContext context, ResourcePath path)
    {
        var paths = path.Kind.Scale!;
        var body = await RequestBody.ReadAsync(context.Request);
        var patch = context.Request.Method == "PATCH" ? ObjectPatcher.Parse(path.Kind, body, null) : null;
        var request = RequestOf(context, path, "scale");
        var updated = await writer.UpdateAsync(request, current => Scaled(current, patch, body, path), context.RequestAborted);
        await ResponseWriter.WriteAsync(context, 200, ScaleView.Of(ObjectView.Of(updated, path.Kind), paths));
    }

    private static JsonObject Scaled(JsonObject current, JsonNode? patch, RequestBody body, ResourcePath path)
    {
        var scale = ScaleView.Of(current, path.Kind.Scale!);
        try
        {
            scale = patch is null ? body.Object() : ObjectPatcher.Patched(scale, patch, body.MediaType, BuiltInSchemas.Instance["Scale"]);
        }
        catch (PatchException)
        {
            throw ApiErrors.PatchRejected();
        }

        if (scale.IntegerAt("spec", "replicas") is < 0 and var replicas)
        {
            throw ApiErrors.Invalid(
                "autoscaling", "Scale", path.Name!, [FieldError.Invalid("spec.replicas", $"{replicas}", "must be greater than or equal to 0")]);
        }

        ScaleView.Put(current, scale, path.Kind.Scale!);
        return current;
    }

    private async Task BindAsync(HttpContext context, ResourcePath path)
    {
        var node = (await RequestBody.ReadAsync(context.Request)).Object().StringAt("target", "name");
        if (string.IsNullOrEmpty(node))
        {
            throw ApiErrors.Invalid("", "Binding", path.Name!, [FieldError.Required("target.name")]);
        }

        binding.Bind(RequestOf(context, path, "binding"), node);
        await ResponseWriter.WriteAsync(context, 201, Created());
    }

    private async Task EvictAsync(HttpContext context, ResourcePath path)
    {
        var body = (await RequestBody.ReadAsync(context.Request)).Object(BuiltInSchemas.Instance["Eviction"]);
        var options = DeleteOptions.From(context.Request.Query, body.ObjectAt("deleteOptions"));
        await eviction.EvictAsync(RequestOf(context, path, ""), options, context.RequestAborted);
        await ResponseWriter.WriteAsync(context, 201, Created());
    }

    private async Task IssueTokenAsync(HttpContext context, ResourcePath path)
    {
        var account = reader.Get(path.Kind, path.Namespace, path.Name!);
        var request = (await RequestBody.ReadAsync(context.Request)).Object(BuiltInSchemas.Instance["TokenRequest"]);
        await ResponseWriter.WriteAsync(context, 201, tokens.Answer(account, request));
    }

    private static JsonObject Created() =>
        new() { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = 201 };

    private async Task FinalizeAsync(HttpContext context, ResourcePath path)
    {
        var body = (await RequestBody.ReadAsync(context.Request)).Object();
        var finalizers = body.At("spec", "finalizers") as JsonArray ?? [];
        var updated = writer.Transact(RequestOf(context, path, "finalize"), ns => ns.Ensure("spec")["finalizers"] = finalizers.DeepClone());
        await ResponseWriter.WriteAsync(context, 200, updated.Content);
    }

    private static WriteRequest RequestOf(HttpContext context, ResourcePath path, string subresource) =>
        new(path.Kind, path.Namespace, path.Name, subresource, WriteOptions.From(context.Request));
}
