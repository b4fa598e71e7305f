using System.Text.Json;
using ModelOperator.OpenInference.Rest;
using ModelOperator.OpenInference.Suite;
using ModelOperator.OpenInference.Tensors;

namespace ModelOperator.OpenInference.Cases;

/// <summary>The raw binary request: the body is the one input.</summary>
internal static class RawRequestCases
{
    private const string Source = "extension_binary_data.md, Raw Binary Request";

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("raw.answer", Source, "A body that is nothing but the one input is answered as the same input in JSON.", async (subject, token) =>
        {
            var answer = InferAnswer.Of(await AskAsync(subject, Body(subject), token));
            Expect.SameTensors(answer.Outputs, (await subject.ReferenceAsync(token)).Outputs);
        }),
        new("raw.outputs", Source, "A raw binary request is answered with all outputs, raw.", async (subject, token) =>
        {
            var answer = InferAnswer.Of(await AskAsync(subject, Body(subject), token));
            Expect.Equal(answer.Outputs.Length, subject.Model.Outputs.Length, "the number of outputs");
            Expect.True(!answer.Binary.Contains(false), "an output came in JSON");
        }),
        new("raw.no-id", Source, "The answer to a raw binary request has no id.", async (subject, token) =>
            Expect.True(!InferAnswer.Of(await AskAsync(subject, Body(subject), token)).Json.TryGetProperty("id", out JsonElement _), "it has an \"id\"")),
        new("raw.uneven", Source, "A body that is no whole number of elements is refused.", async (subject, token) =>
        {
            var body = Body(subject);
            if (subject.Model.Inputs[0].Datatype is Datatypes.Bytes || Datatypes.Size(subject.Model.Inputs[0].Datatype) == 1)
            {
                throw new NotApplicableException("any number of bytes makes whole elements");
            }
            (await AskAsync(subject, [.. body, 0], token)).Error();
        }),
        new("raw.several-inputs", Source, "A raw binary request to a model of several inputs is refused.", async (subject, token) =>
        {
            BinaryCases.Require(subject);
            if (subject.Model.Inputs.Length == 1)
            {
                throw new NotApplicableException("the model has one input");
            }
            (await AskAsync(subject, [0, 0, 0, 0], token)).Error();
        }),
        new("raw.several-dimensions", Source, "A raw binary request is refused when more than one dimension of the input varies.", async (subject, token) =>
        {
            BinaryCases.Require(subject);
            if (subject.Model.Inputs is not [{ Dynamic: > 1 }])
            {
                throw new NotApplicableException("no more than one dimension varies");
            }
            (await AskAsync(subject, subject.Zeros()[0].Data, token)).Error();
        }),
    ];

    private static byte[] Body(Subject subject)
    {
        BinaryCases.Require(subject);
        if (subject.Model.Inputs is not [{ Dynamic: <= 1 } input])
        {
            throw new NotApplicableException("the model has several inputs, or one with several dimensions that vary");
        }
        if (input.Datatype != Datatypes.Bytes)
        {
            return input.Zeros().Data;
        }
        // One element, without its length before it.
        return input.Zeros() is { Elements: 1 } text ? text.Data[sizeof(uint)..] : throw new NotApplicableException("the input is more than one text");
    }

    private static Task<RestAnswer> AskAsync(Subject subject, byte[] body, CancellationToken token) =>
        subject.Rest.PostBinaryAsync(subject.InferPath(), null, body, "0", token);
}
