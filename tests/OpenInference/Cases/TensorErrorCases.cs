using System.Text.Json.Nodes;
using ModelOperator.OpenInference.Rest;
using ModelOperator.OpenInference.Suite;
using ModelOperator.OpenInference.Tensors;

namespace ModelOperator.OpenInference.Cases;

/// <summary>Inputs that do not fit the model, or whose data do not fit their shape.</summary>
internal static class TensorErrorCases
{
    private const string Input = "inference_rest.md, Request Input";
    private const string Data = "inference_rest.md, Tensor Data";
    private const string Types = "inference_rest.md, Tensor Data Types";

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        Refused("rest.tensor.other-datatype", Input, "A datatype other than the model's is refused.", (spec, input) => input["datatype"] = spec.Datatype == "INT32" ? "FP64" : "INT32"),
        Refused("rest.tensor.unknown-datatype", Types, "A datatype that is not in the table is refused.", (_, input) => input["datatype"] = "FP33"),
        Refused("rest.tensor.datatype-case", Types, "Names of datatypes are in capitals.", (spec, input) => input["datatype"] = Lower(spec.Datatype)),
        Refused("rest.tensor.too-few", Data, "Fewer elements than the shape says are refused.", (_, input) => input["data"]!.AsArray().RemoveAt(0)),
        Refused("rest.tensor.too-many", Data, "More elements than the shape says are refused.", (_, input) => input["data"]!.AsArray().Add(input["data"]![0]!.DeepClone())),
        Refused("rest.tensor.rank", Input, "A shape of another rank than the model's is refused.", (_, input) => input["shape"]!.AsArray().Add(1)),
        Refused("rest.tensor.fixed-dimension", Input, "Another size of a dimension that the metadata fix is refused.", (spec, input) =>
        {
            var fixedAt = Array.FindIndex(spec.Shape, dimension => dimension > 0);
            if (fixedAt < 0)
            {
                throw new NotApplicableException("no dimension of the first input is fixed");
            }
            input["shape"]![fixedAt] = spec.Shape[fixedAt] + 1;
            var elements = input["shape"]!.AsArray().Aggregate(1L, (product, dimension) => product * dimension!.GetValue<long>());
            input["data"] = new JsonArray([.. Enumerable.Range(0, (int)elements).Select(_ => TensorJson.Zero(spec.Datatype))]);
        }),
        Refused("rest.tensor.negative-dimension", Input, "A dimension below zero is refused.", (_, input) => Dimensions(input)[0] = -1),
        Refused("rest.tensor.huge", Input, "A shape with more elements than any memory holds is refused.", (_, input) => Dimensions(input)[0] = long.MaxValue / 2),
        Refused("rest.tensor.beyond-int64", Input, "A dimension that does not fit 64 bits is refused.", (_, input) => Dimensions(input)[0] = JsonNode.Parse("99999999999999999999")),
        Refused("rest.tensor.fraction-dimension", Input, "A dimension that is no whole number is refused.", (_, input) => Dimensions(input)[0] = 1.5),
        Refused("rest.tensor.text-shape", Input, "A shape that is no array is refused.", (_, input) => input["shape"] = "1"),
        Refused("rest.tensor.scalar-data", Data, "Data that are no array are refused.", (_, input) => input["data"] = 0),
        Refused("rest.tensor.null", Data, "An element that is null is refused.", (_, input) => input["data"]![0] = null),
        Refused("rest.tensor.object", Data, "An element that is an object is refused.", (_, input) => input["data"]![0] = new JsonObject()),
        Refused("rest.tensor.wrong-kind", Types, "An element of another kind, a text for a number or a number for a text, is refused.", (spec, input) =>
            input["data"]![0] = spec.Datatype is Datatypes.Bytes or "BOOL" ? 7 : "seven"),
        Refused("rest.tensor.out-of-range", Types, "A whole number that does not fit its datatype is refused.", (spec, input) =>
        {
            RequireInteger(spec);
            input["data"]![0] = JsonNode.Parse("18446744073709551616");
        }),
        Refused("rest.tensor.fraction", Types, "A fraction in a tensor of whole numbers is refused.", (spec, input) =>
        {
            RequireInteger(spec);
            input["data"]![0] = 0.5;
        }),
        Refused("rest.tensor.ragged", Data, "Nested data whose nesting is not that of the shape are refused.", (_, input) =>
            input["data"] = new JsonArray(new JsonArray(new JsonArray(new JsonArray(new JsonArray(input["data"]!.DeepClone())))))),
        new("rest.tensor.half", Types, "FP16 and BF16 have no JSON form: they are refused in JSON.", async (subject, token) =>
        {
            if (!subject.Model.Inputs.Any(input => !Datatypes.HasJsonForm(input.Datatype)))
            {
                throw new NotApplicableException("no input is FP16 or BF16");
            }
            (await subject.Rest.PostAsync(subject.InferPath(), Requests.Request(subject.Zeros().Select(TensorJson.Input)), token)).Error();
        }),
        new("rest.tensor.after-errors", "inference_rest.md, Health", "After all these errors the server lives, is ready and answers.", async (subject, token) =>
        {
            (await subject.Rest.GetAsync("v2/health/live", token)).Success();
            (await subject.Rest.GetAsync(subject.Path() + "/ready", token)).Success();
            await subject.ReferenceAsync(token);
        }),
    ];

    private static ConformanceCase Refused(string id, string source, string statement, Action<TensorDescription, JsonObject> spoil) =>
        new(id, source, statement, async (subject, token) =>
        {
            var request = subject.Json();
            spoil(subject.Model.Inputs[0], request["inputs"]![0]!.AsObject());
            (await subject.Rest.PostAsync(subject.InferPath(), request, token)).Error();
        });

    private static JsonArray Dimensions(JsonObject input) => input["shape"]!.AsArray() is { Count: > 0 } shape
        ? shape
        : throw new NotApplicableException("the first input is a scalar");

    private static string Lower(string datatype) => string.Concat(datatype.Select(char.ToLowerInvariant));

    private static void RequireInteger(TensorDescription spec)
    {
        if (!Datatypes.IsInteger(spec.Datatype))
        {
            throw new NotApplicableException($"the first input is {spec.Datatype}");
        }
    }
}
