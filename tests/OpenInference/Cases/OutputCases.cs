using ModelOperator.OpenInference.Rest;
using ModelOperator.OpenInference.Suite;
using ModelOperator.OpenInference.Tensors;

namespace ModelOperator.OpenInference.Cases;

/// <summary>Which outputs are answered, and how they are described.</summary>
internal static class OutputCases
{
    private const string Requested = "inference_rest.md, Request Output";
    private const string Response = "inference_rest.md, Response Output";

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("rest.outputs.all", Requested, "A request that names no outputs is answered with all of them.", async (subject, token) =>
            Names(await subject.ReferenceAsync(token), subject.Model.Outputs.Select(output => output.Name))),
        new("rest.outputs.named", Requested, "A request that names an output is answered with that one only, for each output.", async (subject, token) =>
        {
            foreach (var output in subject.Model.Outputs)
            {
                await AskAsync(subject, [output.Name], token);
            }
        }),
        new("rest.outputs.every", Requested, "A request may name all outputs, in any order.", async (subject, token) =>
            await AskAsync(subject, [.. subject.Model.Outputs.Select(output => output.Name).Reverse()], token)),
        new("rest.outputs.same", Requested, "An output is the same whether it is asked for alone or with all.", async (subject, token) =>
        {
            var all = await subject.ReferenceAsync(token);
            var last = subject.Model.Outputs[^1].Name;
            Expect.SameTensors(await AskAsync(subject, [last], token), [.. all.Outputs.Where(output => output.Name == last)]);
        }),
        new("rest.outputs.datatype", Response, "Each output has the datatype of the metadata.", async (subject, token) =>
        {
            foreach (var (output, described) in await PairsAsync(subject, token))
            {
                Expect.Equal(output.Datatype, described.Datatype, $"the datatype of output '{output.Name}'");
            }
        }),
        new("rest.outputs.shape", Response, "Each output has a shape that the metadata allow, without dimensions that vary.", async (subject, token) =>
        {
            foreach (var (output, described) in await PairsAsync(subject, token))
            {
                Expect.True(
                    described.Fits(output.Shape),
                    $"output '{output.Name}' has the shape {Tensor.Text(output.Shape)}, the metadata say {Tensor.Text(described.Shape)}");
            }
        }),
        new("rest.outputs.count", Response, "Each output has as many elements as its shape says.", async (subject, token) =>
        {
            foreach (var (output, _) in await PairsAsync(subject, token))
            {
                Expect.Equal(output.Count(), output.Elements, $"the number of elements of output '{output.Name}'");
            }
        }),
        new("rest.outputs.unknown", Requested, "A request for an output that the model does not have is an error.", async (subject, token) =>
        {
            var request = subject.Json();
            request["outputs"] = Requests.Outputs(["no-such-output"]);
            (await subject.Rest.PostAsync(subject.InferPath(), request, token)).Error();
        }),
        new("rest.outputs.nameless", Requested, "A requested output has a name.", async (subject, token) =>
        {
            var request = subject.Json();
            request["outputs"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject());
            (await subject.Rest.PostAsync(subject.InferPath(), request, token)).Error();
        }),
    ];

    private static async Task<Tensor[]> AskAsync(Subject subject, string[] names, CancellationToken token)
    {
        var request = subject.Json();
        request["outputs"] = Requests.Outputs(names);
        var answer = await subject.InferAsync(request, token);
        Names(answer, names);
        return answer.Outputs;
    }

    private static void Names(InferAnswer answer, IEnumerable<string> expected) => Expect.Equal(
        string.Join(", ", answer.Outputs.Select(output => output.Name).Order(StringComparer.Ordinal)),
        string.Join(", ", expected.Order(StringComparer.Ordinal)), "the list of outputs");

    private static async Task<IEnumerable<(Tensor, TensorDescription)>> PairsAsync(Subject subject, CancellationToken token) =>
        (await subject.ReferenceAsync(token)).Outputs.Select(output => (
            output,
            subject.Model.Outputs.FirstOrDefault(described => described.Name == output.Name)
                ?? throw new NonConformanceException($"output '{output.Name}' is not in the metadata")));
}
