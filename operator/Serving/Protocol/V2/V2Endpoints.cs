using ModelOperator.Serving.Hosting;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Loading;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>The Open Inference Protocol V2 over REST; paths with and without a version.</summary>
internal static class V2Endpoints
{
    private const string ModelPath = "/v2/models/{model}";
    private const string VersionPath = ModelPath + "/versions/{version}";

    public static void MapV2(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var settings = services.GetRequiredService<ServingSettings>();
        var slot = services.GetRequiredService<ModelSlot>();
        var infer = services.GetRequiredService<InferHandler>();

        endpoints.MapGet("/v2", context => context.Response.WriteAsJsonAsync(
            new ServerMetadata(Served.ServerName, Served.ServerVersion, Served.Extensions), V2Json.Readable.ServerMetadata));
        endpoints.MapGet("/v2/health/live", context => context.Response.WriteAsJsonAsync(new ServerLive(true), V2Json.Readable.ServerLive));
        endpoints.MapGet("/v2/health/ready", context =>
        {
            context.Response.StatusCode = ReadyStatus(slot);
            return context.Response.WriteAsJsonAsync(new ServerReady(slot.Model is not null), V2Json.Readable.ServerReady);
        });
        foreach (var path in (string[])[ModelPath, VersionPath])
        {
            endpoints.MapGet(path, context => ForModelAsync(context, settings, () => MetadataAsync(context, settings, slot)));
            endpoints.MapGet(path + "/ready", context => ForModelAsync(context, settings, () =>
            {
                context.Response.StatusCode = ReadyStatus(slot);
                return context.Response.WriteAsJsonAsync(
                    new ModelReady(settings.Model.Name, slot.Model is not null), V2Json.Readable.ModelReady);
            }));
            endpoints.MapPost(path + "/infer", infer.HandleAsync);
        }
    }

    /// <exception cref="ProtocolException">The path names another model or version.</exception>
    public static void CheckModel(HttpContext context, ModelIdentity served)
    {
        var path = context.Request.RouteValues;
        Served.Check(served, (string?)path["model"], (string?)path["version"]);
    }

    // Triton answers 400 and KServe 503 while a model loads: proxies try 503 again, which is what is wanted.
    private static int ReadyStatus(ModelSlot slot) => slot.Model is null ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;

    private static Task MetadataAsync(HttpContext context, ServingSettings settings, ModelSlot slot)
    {
        var signature = Served.Engine(settings.Model, slot).Signature;
        return context.Response.WriteAsJsonAsync(
            new ModelMetadata(
                settings.Model.Name, [settings.Model.Version], Served.Platform,
                [.. signature.Inputs.Select(Describe)], [.. signature.Outputs.Select(Describe)]),
            V2Json.Readable.ModelMetadata);
    }

    private static TensorMetadata Describe(TensorSpec tensor) => new(tensor.Name, tensor.Type.Name(), tensor.Shape);

    private static async Task ForModelAsync(HttpContext context, ServingSettings settings, Func<Task> answer)
    {
        try
        {
            CheckModel(context, settings.Model);
            await answer();
        }
        catch (ProtocolException failure)
        {
            await ErrorBody.WriteAsync(context, failure.Status, failure.Message);
        }
    }
}
