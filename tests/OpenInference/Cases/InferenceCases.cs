using System.Text;
using System.Text.Json.Nodes;
using ModelOperator.OpenInference.Rest;
using ModelOperator.OpenInference.Suite;
using ModelOperator.OpenInference.Tensors;

namespace ModelOperator.OpenInference.Cases;

/// <summary>Requests in JSON that are to be answered.</summary>
internal static class InferenceCases
{
    private const string Request = "inference_rest.md, Inference Request JSON Object";
    private const string Response = "inference_rest.md, Inference Response JSON Object";
    private const string Data = "inference_rest.md, Tensor Data";

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("rest.infer.flat", Data, "Data may be flat, in row-major order.", async (subject, token) =>
            await subject.ReferenceAsync(token)),
        new("rest.infer.nested", Data, "Data may be nested as the shape says, and mean the same.", async (subject, token) =>
        {
            var expected = await subject.ReferenceAsync(token);
            var nested = await subject.InferAsync(Requests.Request(subject.Zeros().Select(TensorJson.NestedInput)), token);
            Expect.SameTensors(nested.Outputs, expected.Outputs);
        }),
        new("rest.infer.version", "inference_rest.md, Inference", "A listed version can be asked by its path.", async (subject, token) =>
        {
            var expected = await subject.ReferenceAsync(token);
            var answer = InferAnswer.Of(await subject.Rest.PostAsync(subject.InferPath(subject.RequireVersion()), subject.Json(), token));
            Expect.SameTensors(answer.Outputs, expected.Outputs);
        }),
        new("rest.infer.json", "inference_rest.md, Inference", "An answer without raw bytes is JSON by its content type.", async (subject, token) =>
            Expect.Equal((await subject.Rest.PostAsync(subject.InferPath(), subject.Json(), token)).ContentType, "application/json", "the content type")),
        new("rest.infer.input-order", Request, "Inputs go by their names: their order in the request does not matter.", async (subject, token) =>
        {
            if (subject.Model.Inputs.Length < 2)
            {
                throw new NotApplicableException("the model has one input");
            }
            var expected = await subject.ReferenceAsync(token);
            var answer = await subject.InferAsync(Requests.Request(subject.Zeros().Reverse().Select(TensorJson.Input)), token);
            Expect.SameTensors(answer.Outputs, expected.Outputs);
        }),
        new("rest.infer.member-order", Request, "The members of an input are an object's: data may come before shape and datatype.", async (subject, token) =>
        {
            var expected = await subject.ReferenceAsync(token);
            var inputs = subject.Zeros().Select(tensor => new JsonObject([.. TensorJson.Input(tensor).Reverse().Select(member => new KeyValuePair<string, JsonNode?>(member.Key, member.Value?.DeepClone()))]));
            Expect.SameTensors((await subject.InferAsync(Requests.Request(inputs), token)).Outputs, expected.Outputs);
        }),
        new("rest.infer.whitespace", Request, "White space in the JSON changes nothing.", async (subject, token) =>
        {
            var expected = await subject.ReferenceAsync(token);
            var text = Encoding.UTF8.GetBytes(" \r\n\t" + subject.Json().ToJsonString(new() { WriteIndented = true }) + "\n ");
            Expect.SameTensors(InferAnswer.Of(await subject.Rest.PostAsync(subject.InferPath(), text, token)).Outputs, expected.Outputs);
        }),
        new("rest.infer.escapes", Request, "Names may be written with JSON's escapes.", async (subject, token) =>
        {
            var expected = await subject.ReferenceAsync(token);
            var text = subject.Json().ToJsonString().Replace("\"inputs\"", "\"\\u0069nputs\"", StringComparison.Ordinal);
            Expect.SameTensors(
                InferAnswer.Of(await subject.Rest.PostAsync(subject.InferPath(), Encoding.UTF8.GetBytes(text), token)).Outputs, expected.Outputs);
        }),
        new("rest.infer.id", Request, "The request's id comes back in the answer.", async (subject, token) =>
            Expect.Equal(await IdAsync(subject, "request-42", token), "request-42", "\"id\"")),
        new("rest.infer.id-unicode", Request, "An id of any characters comes back as it was.", async (subject, token) =>
            Expect.Equal(await IdAsync(subject, "żółć \"quoted\" \\ 数字", token), "żółć \"quoted\" \\ 数字", "\"id\"")),
        new("rest.infer.no-id", Response, "An answer has no id when the request had none.", async (subject, token) =>
            Expect.True(!(await subject.ReferenceAsync(token)).Json.TryGetProperty("id", out _), "the answer has an \"id\"")),
        new("rest.infer.model-name", Response, "The answer has the model's name.", async (subject, token) =>
            Expect.Equal((await subject.ReferenceAsync(token)).Json.TryGetProperty("model_name", out var name) ? name.GetString() : null, subject.Model.Name, "\"model_name\"")),
        new("rest.infer.model-version", Response, "The answer's model_version, if there is one, is a text that the metadata list.", async (subject, token) =>
        {
            if ((await subject.ReferenceAsync(token)).Json.TryGetProperty("model_version", out var version))
            {
                Expect.True(
                    subject.Model.Versions.Length == 0 || subject.Model.Versions.Contains(version.GetString()),
                    $"\"model_version\" is {version.GetRawText()}, the metadata list {string.Join(", ", subject.Model.Versions)}");
            }
        }),
    ];

    private static async Task<string?> IdAsync(Subject subject, string id, CancellationToken token)
    {
        var request = subject.Json();
        request["id"] = id;
        return (await subject.InferAsync(request, token)).Json.TryGetProperty("id", out var echoed) ? echoed.GetString() : null;
    }
}
