using System.Text;
using System.Text.Json.Nodes;
using ModelOperator.OpenInference.Rest;
using ModelOperator.OpenInference.Suite;

namespace ModelOperator.OpenInference.Cases;

/// <summary>Requests that are wrong as a whole. After each of them the server still answers.</summary>
internal static class RequestErrorCases
{
    private const string Error = "inference_rest.md, Inference Response JSON Error Object";
    private const string Request = "inference_rest.md, Inference Request JSON Object";
    private const string Input = "inference_rest.md, Request Input";
    private const int Nesting = 100_000;

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Refused("rest.error.unknown-model", Error, "Asking an unknown model is an error of 4xx with an error object.", "v2/models/no-such-model/infer"),
        new("rest.error.unknown-version", Error, "Asking an unknown version is an error of 4xx with an error object.", async (subject, token) =>
            (await subject.Rest.PostAsync(subject.InferPath("no-such-version"), subject.Json(), token)).Error()),
        Refused("rest.error.empty-body", Request, "An empty body is refused.", _ => ""),
        Refused("rest.error.not-json", Request, "A body that is no JSON is refused.", _ => "inputs: none"),
        Refused("rest.error.cut", Request, "JSON that ends too early is refused.", subject => subject.Json().ToJsonString()[..^1]),
        Refused("rest.error.trailing", Request, "Text after the JSON is refused.", subject => subject.Json().ToJsonString() + "}"),
        Refused("rest.error.array", Request, "A body that is no object is refused.", _ => "[]"),
        Refused("rest.error.deep", Request, "JSON nested a hundred thousand levels deep is refused.", _ => new string('[', Nesting) + new string(']', Nesting)),
        Refused("rest.error.no-inputs", Request, "A request without inputs is refused.", _ => "{}"),
        Refused("rest.error.inputs-object", Request, "Inputs that are no array are refused.", _ => """{"inputs":{}}"""),
        Refused("rest.error.missing-input", Request, "A request that lacks an input of the model is refused.", Edited(inputs => inputs.RemoveAt(0))),
        Refused("rest.error.unknown-input", Request, "An input that the model does not have is refused.", Edited(inputs =>
        {
            var extra = inputs[0]!.DeepClone();
            extra["name"] = "no-such-input";
            inputs.Add(extra);
        })),
        Refused("rest.error.input-twice", Request, "An input that is given twice is refused.", Edited(inputs => inputs.Add(inputs[0]!.DeepClone()))),
        Refused("rest.error.no-name", Input, "An input without a name is refused.", Without("name")),
        Refused("rest.error.no-shape", Input, "An input without a shape is refused.", Without("shape")),
        Refused("rest.error.no-datatype", Input, "An input without a datatype is refused.", Without("datatype")),
        Refused("rest.error.no-data", Input, "An input without data is refused.", Without("data")),
        Refused("rest.error.parameters", "inference_rest.md, Parameters", "Parameters are texts, numbers and booleans: an object as a value is refused.", subject =>
        {
            var request = subject.Json();
            request["parameters"] = new JsonObject { ["custom"] = new JsonObject() };
            return request.ToJsonString();
        }),
        new("rest.error.method", "inference_rest.md, Inference", "Inference is asked by POST: GET is an error of 4xx.", async (subject, token) =>
            Expect.True((await subject.Rest.GetAsync(subject.InferPath(), token)).Status is >= 400 and < 500, "GET is answered with success")),
        new("rest.error.path", "inference_rest.md, HTTP/REST", "A path that does not exist is an error of 4xx.", async (subject, token) =>
            Expect.True((await subject.Rest.GetAsync("v2/no-such-path", token)).Status is >= 400 and < 500, "it is answered with success")),
    ];

    private static ConformanceCase Refused(string id, string source, string statement, string path) => new(id, source, statement, async (subject, token) =>
    {
        (await subject.Rest.PostAsync(path, subject.Json(), token)).Error();
        await subject.ReferenceAsync(token);
    });

    private static ConformanceCase Refused(string id, string source, string statement, Func<Subject, string> body) => new(id, source, statement, async (subject, token) =>
    {
        (await subject.Rest.PostAsync(subject.InferPath(), Encoding.UTF8.GetBytes(body(subject)), token)).Error();
        (await subject.Rest.GetAsync("v2/health/live", token)).Success();
    });

    private static Func<Subject, string> Edited(Action<JsonArray> edit) => subject =>
    {
        var request = subject.Json();
        edit(request["inputs"]!.AsArray());
        return request.ToJsonString();
    };

    private static Func<Subject, string> Without(string member) => Edited(inputs => inputs[0]!.AsObject().Remove(member));
}
