using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Google.Protobuf;
using ModelOperator.Router.Mirroring;
using ModelOperator.Serving.Protocol.Grpc.Messages;

namespace ModelOperator.Router.Tests.Mirroring;

internal sealed class GrpcV2AnswerTests
{
    private static readonly float[] Scores = [0.1f, 0.7f, 0.2f, 0.6f, 0.3f, 0.1f];
    private static readonly float[] Surer = [0.0f, 0.9f, 0.1f, 0.8f, 0.1f, 0.1f];
    private static readonly float[] OtherClass = [0.1f, 0.7f, 0.2f, 0.1f, 0.3f, 0.6f];

    private static IEnumerable<TestCaseData> Pairs()
    {
        yield return new TestCaseData(Raw(7, 3, Scores), Raw(7, 3, Surer), false).SetArgDisplayNames("surer of the same class");
        yield return new TestCaseData(Raw(7, 3, Scores), Raw(7, 4, Scores), true).SetArgDisplayNames("another label");
        yield return new TestCaseData(Raw(7, 3, Scores), Raw(7, 3, OtherClass), true).SetArgDisplayNames("another class in one row");
        yield return new TestCaseData(Raw(7, 3, Scores), Typed(7, 3, Surer), false).SetArgDisplayNames("typed contents instead of raw ones");
        yield return new TestCaseData(Typed(7, 3, Scores), Typed(7, 4, Scores), true).SetArgDisplayNames("another label in typed contents");
        yield return new TestCaseData(Text("a", "b"), Text("a", "b"), false).SetArgDisplayNames("equal texts");
        yield return new TestCaseData(Text("a", "b"), Text("a", "c"), true).SetArgDisplayNames("another text");
        yield return new TestCaseData(Raw(7, 3, Scores), new ModelInferResponse(), true).SetArgDisplayNames("no tensor");
    }

    [TestCaseSource(nameof(Pairs))]
    public void Messages_are_compared_by_what_they_decide(IMessage given, IMessage candidate, bool disagree) =>
        Assert.That(AnswerComparison.Disagree(Answer(given.ToByteArray()), Answer(candidate.ToByteArray())), Is.EqualTo(disagree));

    [Test]
    public void Every_type_is_read_as_it_was_written()
    {
        var contents = new InferTensorContents
        {
            BoolContents = { true, false },
            IntContents = { -1 },
            Int64Contents = { long.MinValue },
            UintContents = { uint.MaxValue },
            Uint64Contents = { 5 },
            Fp32Contents = { 0.5f },
            Fp64Contents = { double.MaxValue },
        };
        var message = new ModelInferResponse { Outputs = { Tensor("all", "FP64", 8) } };
        message.Outputs[0].Contents = contents;
        message.Outputs[0].Parameters["ignored"] = new InferParameter { StringParam = "x" };

        var tensor = GrpcV2Answer.Read(message.ToByteArray())!.Single();

        Assert.That((tensor.Name, tensor.DataType), Is.EqualTo(("all", "FP64")));
        Assert.That(tensor.Shape, Is.EqualTo(new[] { 8 }));
        Assert.That(tensor.Numbers, Is.EqualTo(new[] { 1, 0, -1, long.MinValue, uint.MaxValue, 5, 0.5, double.MaxValue }));
    }

    [Test]
    public void A_message_that_breaks_the_rules_is_none()
    {
        var whole = Raw(7, 3, Scores).ToByteArray();
        for (var length = 1; length < whole.Length; length++)
        {
            Assert.That(() => GrpcV2Answer.Read(whole.AsMemory(0, length)), Throws.Nothing);
        }
        var short1 = Raw(7, 3, Scores);
        short1.RawOutputContents.RemoveAt(1);
        Assert.That(GrpcV2Answer.Read(short1.ToByteArray()), Is.Null, "a tensor without contents");
        var short2 = Raw(7, 3, Scores);
        short2.RawOutputContents[0] = ByteString.CopyFrom(1, 2, 3);
        Assert.That(GrpcV2Answer.Read(short2.ToByteArray()), Is.Null, "three bytes are no INT64");
        Assert.That(AnswerComparison.Disagree(Answer(whole), Answer(short2.ToByteArray())), Is.True, "and it is no answer either");
    }

    [Test]
    public void What_cannot_be_read_is_compared_by_its_status_and_a_missing_message_disagrees()
    {
        var whole = Raw(7, 3, Scores).ToByteArray();
        byte[] compressed = [.. Framed(whole)];
        compressed[0] = 1;

        Assert.That(GrpcFrame.Unwrap(Framed(whole))!.Value.ToArray(), Is.EqualTo(whole));
        Assert.That(GrpcFrame.Unwrap(compressed), Is.Null);
        Assert.That(GrpcFrame.Unwrap(Framed(whole).AsMemory(0, 20))!.Value.IsEmpty, Is.True);
        Assert.That(AnswerComparison.Disagree(Answer(whole), new Answer(200, 0, null, null, IsInferMessage: true)), Is.False);
        Assert.That(AnswerComparison.Disagree(Answer(whole), Answer([])), Is.True);
        Assert.That(AnswerComparison.Disagree(new Answer(200, 0, null, whole), new Answer(200, 0, null, Array.Empty<byte>())), Is.False, "another service's messages");
    }

    /// <summary>A message as it stands in a body.</summary>
    public static byte[] Framed(byte[] message)
    {
        var framed = new byte[5 + message.Length];
        BinaryPrimitives.WriteUInt32BigEndian(framed.AsSpan(1), (uint)message.Length);
        message.CopyTo(framed, 5);
        return framed;
    }

    /// <summary>Labels and scores of two items, as most servers write them.</summary>
    public static ModelInferResponse Raw(long first, long second, float[] scores)
    {
        long[] labels = [first, second];
        return new ModelInferResponse
        {
            ModelName = "digits",
            Id = "1",
            Outputs = { Tensor("label", "INT64", 2), Tensor("scores", "FP32", 2, 3) },
            RawOutputContents = { ByteString.CopyFrom(MemoryMarshal.AsBytes(labels.AsSpan())), ByteString.CopyFrom(MemoryMarshal.AsBytes(scores.AsSpan())) },
        };
    }

    private static ModelInferResponse Typed(long first, long second, float[] scores)
    {
        var message = new ModelInferResponse { Outputs = { Tensor("label", "INT64", 2), Tensor("scores", "FP32", 2, 3) } };
        message.Outputs[0].Contents = new InferTensorContents { Int64Contents = { first, second } };
        message.Outputs[1].Contents = new InferTensorContents { Fp32Contents = { scores } };
        return message;
    }

    private static ModelInferResponse Text(params string[] texts)
    {
        var message = new ModelInferResponse { Outputs = { Tensor("text", "BYTES", texts.Length) } };
        message.Outputs[0].Contents = new InferTensorContents { BytesContents = { texts.Select(ByteString.CopyFromUtf8) } };
        return message;
    }

    private static ModelInferResponse.Types.InferOutputTensor Tensor(string name, string type, params long[] shape) =>
        new() { Name = name, Datatype = type, Shape = { shape } };

    private static Answer Answer(byte[] message) => new(200, 0, null, message, IsInferMessage: true);
}
