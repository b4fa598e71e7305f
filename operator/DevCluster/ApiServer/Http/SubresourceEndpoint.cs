using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Patching;
using ModelOperator.DevCluster.ApiServer.Resources;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Http;

/// <summary>The subresources that are not a view of the whole object: scale, binding, finalize, log.</summary>
internal sealed class SubresourceEndpoint(ObjectReader reader, ObjectWriter writer, KubeletProxy kubelet, TimeProvider time)
{
    public Task HandleAsync(HttpContext context, ResourcePath path) => (path.Subresource, path.Kind.Kind, context.Request.Method) switch
    {
        ("scale", _, "GET") when path.Kind.Scale is not null => GetScaleAsync(context, path),
        ("scale", _, "PUT" or "PATCH") when path.Kind.Scale is not null => WriteScaleAsync(context, path),
        ("binding", "Pod", "POST") => BindAsync(context, path),
        ("log", "Pod", "GET") => kubelet.LogAsync(context, reader.Get(path.Kind, path.Namespace, path.Name!)),
        ("finalize", "Namespace", "PUT") => FinalizeAsync(context, path),
        _ => throw ApiErrors.PathNotFound(),
    };

    private Task GetScaleAsync(HttpContext context, ResourcePath path) => ResponseWriter.WriteAsync(
        context, 200, ScaleView.Of(reader.Get(path.Kind, path.Namespace, path.Name!), path.Kind.Scale!));

    private async Task WriteScaleAsync(HttpContext context, ResourcePath path)
    {
        var paths = path.Kind.Scale!;
        var body = await RequestBody.ReadAsync(context.Request);
        var patch = context.Request.Method == "PATCH" ? ObjectPatcher.Parse(path.Kind, body, null) : null;
        var request = RequestOf(context, path, "scale");
        var updated = writer.Update(request, current =>
        {
            var scale = ScaleView.Of(current, paths);
            try
            {
                scale = patch is null ? body.Object() : ObjectPatcher.Patched(scale, patch, body.MediaType, BuiltInSchemas.Instance["Scale"]);
            }
            catch (PatchException exception)
            {
                throw ApiErrors.Unprocessable($"the server rejected our request due to an error in our request: {exception.Message}");
            }

            if (scale.IntegerAt("spec", "replicas") is < 0 and var replicas)
            {
                throw ApiErrors.Invalid(
                    "autoscaling", "Scale", path.Name!, [FieldError.Invalid("spec.replicas", $"{replicas}", "must be greater than or equal to 0")]);
            }

            ScaleView.Put(current, scale, paths);
            return current;
        });
        await ResponseWriter.WriteAsync(context, 200, ScaleView.Of(updated, paths));
    }

    private async Task BindAsync(HttpContext context, ResourcePath path)
    {
        var node = (await RequestBody.ReadAsync(context.Request)).Object().StringAt("target", "name");
        if (string.IsNullOrEmpty(node))
        {
            throw ApiErrors.Invalid("", "Binding", path.Name!, [FieldError.Required("target.name")]);
        }

        writer.Bind(RequestOf(context, path, "binding"), node, time.GetUtcNow());
        await ResponseWriter.WriteAsync(
            context,
            201,
            new JsonObject { ["kind"] = "Status", ["apiVersion"] = "v1", ["metadata"] = new JsonObject(), ["status"] = "Success", ["code"] = 201 });
    }

    private async Task FinalizeAsync(HttpContext context, ResourcePath path)
    {
        var body = (await RequestBody.ReadAsync(context.Request)).Object();
        var updated = writer.FinalizeNamespace(RequestOf(context, path, "finalize"), body.At("spec", "finalizers") as JsonArray ?? []);
        await ResponseWriter.WriteAsync(context, 200, updated);
    }

    private static WriteRequest RequestOf(HttpContext context, ResourcePath path, string subresource) =>
        new(path.Kind, path.Namespace, path.Name, subresource, WriteOptions.From(context.Request));
}
