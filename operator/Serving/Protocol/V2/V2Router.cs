using ModelOperator.Serving.Hosting;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Loading;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>
/// The Open Inference Protocol V2 over REST; paths with and without a version, case-sensitive as the protocol wants them. The
/// two paths of the served model's inference are found by one comparison each, without a search.
/// </summary>
internal sealed class V2Router(ServingSettings settings, ModelSlot slot, InferHandler infer, RepositoryHandler repository)
{
    private readonly string _infer = $"/v2/models/{settings.Model.Name}/infer";
    private readonly string _inferVersion = $"/v2/models/{settings.Model.Name}/versions/{settings.Model.Version}/infer";

    public Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        return HttpMethods.IsPost(context.Request.Method) && (path == _infer || path == _inferVersion)
            ? infer.HandleAsync(context, settings.Model.Name, settings.Model.Version)
            : FindAsync(context, path.Length > 1 ? path.TrimEnd('/') : path);
    }

    private Task FindAsync(HttpContext context, string path) => path.Split('/') switch
    {
        ["", "v2"] => Get(context, ServerMetadataAsync),
        ["", "v2", "health", "live"] => Get(context, LiveAsync),
        ["", "v2", "health", "ready"] => Get(context, ReadyAsync),
        ["", "v2", "models", { Length: > 0 } model] => Get(context, one => ForModelAsync(one, model, null, MetadataAsync)),
        ["", "v2", "models", { Length: > 0 } model, "ready"] => Get(context, one => ForModelAsync(one, model, null, ModelReadyAsync)),
        ["", "v2", "models", { Length: > 0 } model, "infer"] => Post(context, one => infer.HandleAsync(one, model, null)),
        ["", "v2", "models", { Length: > 0 } model, "versions", { Length: > 0 } version] =>
            Get(context, one => ForModelAsync(one, model, version, MetadataAsync)),
        ["", "v2", "models", { Length: > 0 } model, "versions", { Length: > 0 } version, "ready"] =>
            Get(context, one => ForModelAsync(one, model, version, ModelReadyAsync)),
        ["", "v2", "models", { Length: > 0 } model, "versions", { Length: > 0 } version, "infer"] =>
            Post(context, one => infer.HandleAsync(one, model, version)),
        ["", "v2", "repository", "index"] => Post(context, repository.IndexAsync),
        ["", "v2", "repository", "models", { Length: > 0 } model, "load"] => Post(context, one => repository.LoadAsync(one, model)),
        ["", "v2", "repository", "models", { Length: > 0 } model, "unload"] => Post(context, one => repository.UnloadAsync(one, model)),
        _ => ErrorBody.WriteAsync(context, StatusCodes.Status404NotFound, "Not Found"),
    };

    private static Task Get(HttpContext context, RequestDelegate answer) =>
        HttpMethods.IsGet(context.Request.Method) ? answer(context) : Allow(context, HttpMethods.Get);

    private static Task Post(HttpContext context, RequestDelegate answer) =>
        HttpMethods.IsPost(context.Request.Method) ? answer(context) : Allow(context, HttpMethods.Post);

    private static Task Allow(HttpContext context, string method)
    {
        context.Response.Headers.Allow = method;
        return ErrorBody.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed");
    }

    private Task ServerMetadataAsync(HttpContext context) => context.Response.WriteAsJsonAsync(
        new ServerMetadata(Served.ServerName, Served.ServerVersion, Served.Extensions(settings)), V2Json.Readable.ServerMetadata);

    private static Task LiveAsync(HttpContext context) => context.Response.WriteAsJsonAsync(new ServerLive(true), V2Json.Readable.ServerLive);

    private Task ReadyAsync(HttpContext context)
    {
        context.Response.StatusCode = ReadyStatus;
        return context.Response.WriteAsJsonAsync(new ServerReady(slot.Problem is null), V2Json.Readable.ServerReady);
    }

    private Task ModelReadyAsync(HttpContext context)
    {
        context.Response.StatusCode = ReadyStatus;
        return context.Response.WriteAsJsonAsync(new ModelReady(settings.Model.Name, slot.Problem is null), V2Json.Readable.ModelReady);
    }

    private Task MetadataAsync(HttpContext context)
    {
        var signature = Served.Signature(settings.Model, slot);
        return context.Response.WriteAsJsonAsync(
            new ModelMetadata(
                settings.Model.Name, [settings.Model.Version], Served.Platform,
                [.. signature.Inputs.Select(Describe)], [.. signature.Outputs.Select(Describe)]),
            V2Json.Readable.ModelMetadata);
    }

    // Triton answers 400 and KServe 503 while a model loads: proxies try 503 again, which is what is wanted.
    private int ReadyStatus => slot.Problem is null ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;

    private static TensorMetadata Describe(TensorSpec tensor) => new(tensor.Name, tensor.Type.Name(), tensor.Shape);

    private async Task ForModelAsync(HttpContext context, string model, string? version, RequestDelegate answer)
    {
        try
        {
            Served.Check(settings.Model, model, version);
            await answer(context);
        }
        catch (ProtocolException failure)
        {
            await ErrorBody.WriteAsync(context, failure.Status, failure.Message);
        }
    }
}
