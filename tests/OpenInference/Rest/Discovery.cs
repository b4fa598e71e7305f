using System.Text.Json;
using ModelOperator.OpenInference.Grpc;
using ModelOperator.OpenInference.Suite;
using ModelOperator.OpenInference.Tensors;

namespace ModelOperator.OpenInference.Rest;

/// <summary>Learns from the server what it and its model are.</summary>
internal static class Discovery
{
    /// <exception cref="NonConformanceException">What the server says of itself or the model makes no sense, or it names no model and none was given.</exception>
    public static async Task<Subject> OfAsync(RestClient rest, GrpcClient? grpc, string? model, CancellationToken cancellationToken)
    {
        var server = (await rest.GetAsync("v2", cancellationToken)).Success().Json();
        var extensions = server.TryGetProperty("extensions", out var listed) && listed.ValueKind == JsonValueKind.Array
            ? listed.EnumerateArray().Where(one => one.ValueKind == JsonValueKind.String).Select(one => one.GetString()!).ToArray()
            : [];
        var name = model ?? await OnlyModelAsync(rest, cancellationToken);
        var metadata = await rest.GetAsync($"v2/models/{Uri.EscapeDataString(name)}", cancellationToken);
        Expect.True(metadata.IsSuccess, $"the metadata of model '{name}' are answered with {metadata.Status}; is it served there?");
        var description = Read(name, metadata.Json());
        foreach (var tensor in description.Inputs.Concat(description.Outputs))
        {
            Expect.True(Datatypes.IsKnown(tensor.Datatype), $"'{tensor.Name}' has the datatype {tensor.Datatype}, which is not in the specification's table");
        }
        return new Subject(rest, grpc, extensions, description);
    }

    public static ModelDescription Read(string name, JsonElement metadata) => new(
        name,
        metadata.TryGetProperty("versions", out var versions) && versions.ValueKind == JsonValueKind.Array
            ? [.. versions.EnumerateArray().Select(version => version.ToString())]
            : [],
        Tensors(metadata, "inputs"),
        Tensors(metadata, "outputs"));

    // Not of the core protocol; asked only when nobody said which model is meant.
    private static async Task<string> OnlyModelAsync(RestClient rest, CancellationToken cancellationToken)
    {
        var index = await rest.PostAsync("v2/repository/index", new System.Text.Json.Nodes.JsonObject(), cancellationToken);
        var models = index.IsSuccess && index.Json() is { ValueKind: JsonValueKind.Array } list
            ? list.EnumerateArray().Select(one => one.GetProperty("name").GetString()!).Distinct().ToList()
            : [];
        return models.Count > 0 ? models[0] : throw new NonConformanceException("the server lists no model; say which one to ask with --model");
    }

    private static TensorDescription[] Tensors(JsonElement metadata, string side)
    {
        try
        {
            return
            [
                .. metadata.GetProperty(side).EnumerateArray().Select(tensor => new TensorDescription(
                    tensor.GetProperty("name").GetString()!,
                    tensor.GetProperty("datatype").GetString()!,
                    [.. tensor.GetProperty("shape").EnumerateArray().Select(dimension => dimension.GetInt64())])),
            ];
        }
        catch (Exception failure) when (failure is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new NonConformanceException($"\"{side}\" of the model's metadata are no list of name, datatype and shape: {failure.Message}");
        }
    }
}
