using System.Text.Json;
using ModelOperator.OpenInference.Rest;
using ModelOperator.OpenInference.Suite;
using ModelOperator.OpenInference.Tensors;

namespace ModelOperator.OpenInference.Cases;

internal static class MetadataCases
{
    private const string Server = "inference_rest.md, Server Metadata";
    private const string Model = "inference_rest.md, Model Metadata";

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("rest.server.name", Server, "GET v2 answers an object with the server's name as a text.", async (subject, token) =>
            Text(await ServerAsync(subject, token), "name")),
        new("rest.server.version", Server, "GET v2 answers an object with the server's version as a text.", async (subject, token) =>
            Text(await ServerAsync(subject, token), "version")),
        new("rest.server.extensions", Server, "GET v2 answers an object with the names of the server's extensions as an array of texts.", async (subject, token) =>
            Texts(Property(await ServerAsync(subject, token), "extensions", JsonValueKind.Array), "extensions")),
        new("rest.server.json", Server, "The server's metadata are JSON by their content type.", async (subject, token) =>
            Expect.Equal((await subject.Rest.GetAsync("v2", token)).ContentType, "application/json", "the content type")),
        new("rest.model.name", Model, "A model's metadata have its name.", async (subject, token) =>
            Expect.Equal(Text(await ModelAsync(subject, null, token), "name"), subject.Model.Name, "\"name\"")),
        new("rest.model.platform", Model, "A model's metadata have its platform as a text.", async (subject, token) =>
            Text(await ModelAsync(subject, null, token), "platform")),
        new("rest.model.versions", Model, "The versions of a model's metadata, if there are any, are texts.", async (subject, token) =>
        {
            if ((await ModelAsync(subject, null, token)).TryGetProperty("versions", out var versions))
            {
                Expect.Equal(versions.ValueKind, JsonValueKind.Array, "the kind of \"versions\"");
                Texts(versions, "versions");
            }
        }),
        new("rest.model.inputs", Model, "Each input has a name, a datatype of the table, and a shape whose dimensions are not below -1.", async (subject, token) =>
            Tensors(await ModelAsync(subject, null, token), "inputs")),
        new("rest.model.outputs", Model, "Each output has a name, a datatype of the table, and a shape whose dimensions are not below -1.", async (subject, token) =>
            Tensors(await ModelAsync(subject, null, token), "outputs")),
        new("rest.model.names", Model, "No two inputs and no two outputs have the same name.", (subject, _) =>
        {
            foreach (var side in (TensorDescription[][])[subject.Model.Inputs, subject.Model.Outputs])
            {
                Expect.Equal(side.DistinctBy(tensor => tensor.Name).Count(), side.Length, "the number of different names");
            }
            return Task.CompletedTask;
        }),
        new("rest.model.version", Model, "The metadata of a listed version describe the same tensors as those without a version.", async (subject, token) =>
        {
            var version = Discovery.Read(subject.Model.Name, await ModelAsync(subject, subject.RequireVersion(), token));
            Expect.Equal(Describe(version), Describe(subject.Model), "what the version's metadata describe");
        }),
        new("rest.model.unknown", Model, "The metadata of an unknown model are an error of 4xx with an error object.", async (subject, token) =>
            (await subject.Rest.GetAsync("v2/models/no-such-model", token)).Error()),
        new("rest.model.unknown-version", Model, "The metadata of an unknown version are an error of 4xx with an error object.", async (subject, token) =>
            (await subject.Rest.GetAsync(subject.Path("no-such-version"), token)).Error()),
    ];

    private static async Task<JsonElement> ServerAsync(Subject subject, CancellationToken token) =>
        (await subject.Rest.GetAsync("v2", token)).Success().Json();

    private static async Task<JsonElement> ModelAsync(Subject subject, string? version, CancellationToken token) =>
        (await subject.Rest.GetAsync(subject.Path(version), token)).Success().Json();

    private static string Text(JsonElement owner, string name) => Property(owner, name, JsonValueKind.String).GetString()!;

    private static JsonElement Property(JsonElement owner, string name, JsonValueKind kind)
    {
        Expect.True(owner.TryGetProperty(name, out var value), $"\"{name}\" is missing");
        Expect.Equal(value.ValueKind, kind, $"the kind of \"{name}\"");
        return value;
    }

    private static void Texts(JsonElement array, string name) =>
        Expect.True(array.EnumerateArray().All(one => one.ValueKind == JsonValueKind.String), $"\"{name}\" has elements that are no texts");

    private static void Tensors(JsonElement metadata, string side)
    {
        foreach (var tensor in Property(metadata, side, JsonValueKind.Array).EnumerateArray())
        {
            var name = Text(tensor, "name");
            Expect.True(Datatypes.IsKnown(Text(tensor, "datatype")), $"'{name}' has the datatype {Text(tensor, "datatype")}");
            var shape = Property(tensor, "shape", JsonValueKind.Array);
            Expect.True(
                shape.EnumerateArray().All(one => one.ValueKind == JsonValueKind.Number && one.TryGetInt64(out var dimension) && dimension >= -1),
                $"'{name}' has the shape {shape.GetRawText()}");
        }
    }

    private static string Describe(ModelDescription model) => string.Join(
        "; ", model.Inputs.Concat(model.Outputs).Select(tensor => $"{tensor.Name} {tensor.Datatype} {Tensor.Text(tensor.Shape)}"));
}
