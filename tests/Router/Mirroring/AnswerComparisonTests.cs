using System.Text;
using ModelOperator.Router.Mirroring;

namespace ModelOperator.Router.Tests.Mirroring;

internal sealed class AnswerComparisonTests
{
    private const string Scores = """{"outputs":[{"name":"p","datatype":"FP32","shape":[2,3],"data":[0.1,0.7,0.2, 0.6,0.3,0.1]}]}""";
    private const string Labels = """{"outputs":[{"name":"y","datatype":"INT64","shape":[2],"data":[7,3]}]}""";
    private const string Texts = """{"outputs":[{"name":"t","datatype":"BYTES","shape":[2],"data":["a","b"]}]}""";
    private const string Price = """{"outputs":[{"name":"price","datatype":"FP64","shape":[2,1],"data":[[100.0],[0.0]]}]}""";

    [TestCase(Scores, """{"outputs":[{"name":"p","datatype":"FP32","shape":[2,3],"data":[[0.3,0.4,0.3],[0.9,0.05,0.05]]}]}""", false, TestName = "surer or less sure of the same class")]
    [TestCase(Scores, """{"outputs":[{"name":"p","datatype":"FP32","shape":[2,3],"data":[0.1,0.7,0.2, 0.1,0.3,0.6]}]}""", true, TestName = "another class in one row")]
    [TestCase(Scores, """{"outputs":[{"name":"p","datatype":"FP32","shape":[2,3],"data":[0.1,0.7,0.2, 0.6,null,0.1]}]}""", true, TestName = "a score that is no number")]
    [TestCase(Scores, """{"outputs":[{"name":"q","datatype":"FP32","shape":[2,3],"data":[0.1,0.7,0.2,0.6,0.3,0.1]}]}""", true, TestName = "another name")]
    [TestCase(Scores, """{"outputs":[{"name":"p","datatype":"FP32","shape":[3,2],"data":[0.1,0.7,0.2,0.6,0.3,0.1]}]}""", true, TestName = "another shape")]
    [TestCase(Scores, """{"outputs":[]}""", true, TestName = "no tensor")]
    [TestCase(Scores, "{}", true, TestName = "no outputs")]
    [TestCase(Scores, "not json", true, TestName = "no JSON")]
    [TestCase(Labels, Labels, false, TestName = "equal labels")]
    [TestCase(Labels, """{"outputs":[{"name":"y","datatype":"INT64","shape":[2],"data":[7,4]}]}""", true, TestName = "another label")]
    [TestCase(Texts, Texts, false, TestName = "equal texts")]
    [TestCase(Texts, """{"outputs":[{"name":"t","datatype":"BYTES","shape":[2],"data":["a","c"]}]}""", true, TestName = "another text")]
    [TestCase(Price, """{"outputs":[{"name":"price","datatype":"FP64","shape":[2,1],"data":[100.9,0.0009]}]}""", false, TestName = "within the tolerance")]
    [TestCase(Price, """{"outputs":[{"name":"price","datatype":"FP64","shape":[2,1],"data":[101.1,0.0]}]}""", true, TestName = "beyond the relative tolerance")]
    [TestCase(Price, """{"outputs":[{"name":"price","datatype":"FP64","shape":[2,1],"data":[100.0,0.002]}]}""", true, TestName = "beyond the absolute tolerance")]
    [TestCase("""{"choices":["one"]}""", """{"choices":["two"]}""", false, TestName = "another protocol says nothing")]
    [TestCase("plain", "text", false, TestName = "no protocol says nothing")]
    public void Answers_are_compared_by_what_they_decide(string given, string candidate, bool disagree) =>
        Assert.That(AnswerComparison.Disagree(Json(given), Json(candidate)), Is.EqualTo(disagree));

    [Test]
    public void Another_class_of_status_disagrees_and_another_status_of_the_class_does_not()
    {
        Assert.That(AnswerComparison.Disagree(Json(Labels), Json("{}", 500)), Is.True);
        Assert.That(AnswerComparison.Disagree(Json(Labels), Json("{}", 422)), Is.True);
        Assert.That(AnswerComparison.Disagree(Json(Labels), default), Is.True, "no answer at all");
        Assert.That(AnswerComparison.Disagree(Json("a", 400), Json("b", 422)), Is.False);
        Assert.That(AnswerComparison.Disagree(new Answer(200, 0, null, null), new Answer(200, 3, null, null)), Is.True, "gRPC");
    }

    [Test]
    public void What_was_too_large_to_keep_is_compared_by_its_status() =>
        Assert.That(AnswerComparison.Disagree(Json(Labels), new Answer(200, null, null, null)), Is.False);

    [TestCase("FP32", 3, false)]
    [TestCase("FP16", 3, false)]
    [TestCase("BF16", 3, false)]
    [TestCase("FP64", 3, false)]
    [TestCase("INT8", 3, false)]
    [TestCase("INT32", 3, false)]
    [TestCase("UINT64", 3, false)]
    [TestCase("BOOL", 1, false)]
    [TestCase("INT64", 4, true)]
    [TestCase("FP32", 4, true)]
    public void Binary_tensors_are_read_as_JSON_ones_are(string type, int second, bool disagree)
    {
        var given = $$"""{"outputs":[{"name":"y","datatype":"{{type}}","shape":[2],"data":[1,{{(type == "BOOL" ? 1 : 3)}}]}]}""";
        Assert.That(AnswerComparison.Disagree(Json(given), Binary(type, 1, second)), Is.EqualTo(disagree));
        Assert.That(AnswerComparison.Disagree(Binary(type, 1, second), Binary(type, 1, second)), Is.False);
    }

    [Test]
    public void Binary_texts_are_compared()
    {
        byte[] ab = [1, 0, 0, 0, (byte)'a', 1, 0, 0, 0, (byte)'b'];
        byte[] ac = [1, 0, 0, 0, (byte)'a', 1, 0, 0, 0, (byte)'c'];
        Assert.That(AnswerComparison.Disagree(Json(Texts), WithBytes("t", "BYTES", ab)), Is.False);
        Assert.That(AnswerComparison.Disagree(Json(Texts), WithBytes("t", "BYTES", ac)), Is.True);
    }

    [Test]
    public void A_malformed_binary_answer_disagrees_and_throws_nothing()
    {
        var good = Binary("INT64", 1, 2);
        Assert.That(AnswerComparison.Disagree(good, good with { JsonLength = 10 }), Is.True);
        Assert.That(AnswerComparison.Disagree(good, good with { JsonLength = 100_000 }), Is.True);
        Assert.That(AnswerComparison.Disagree(good, good with { JsonLength = -1 }), Is.True);
        Assert.That(AnswerComparison.Disagree(good, good with { Body = good.Body!.Value[..^1] }), Is.True);
    }

    private static Answer Json(string text, int status = 200) => new(status, null, null, Encoding.UTF8.GetBytes(text));

    private static Answer Binary(string type, int first, int second)
    {
        static byte[] Bytes(string type, int value) => type switch
        {
            "BOOL" or "INT8" => [(byte)value],
            "FP16" => BitConverter.GetBytes((Half)value),
            "BF16" => BitConverter.GetBytes((ushort)(BitConverter.SingleToInt32Bits(value) >> 16)),
            "INT32" => BitConverter.GetBytes(value),
            "FP32" => BitConverter.GetBytes((float)value),
            "FP64" => BitConverter.GetBytes((double)value),
            _ => BitConverter.GetBytes((long)value),
        };
        return WithBytes("y", type, [.. Bytes(type, first), .. Bytes(type, second)]);
    }

    private static Answer WithBytes(string name, string type, byte[] data)
    {
        var json = $$$"""{"outputs":[{"name":"{{{name}}}","datatype":"{{{type}}}","shape":[2],"parameters":{"binary_data_size":{{{data.Length}}}}}]}""";
        return new Answer(200, null, json.Length, (byte[])[.. Encoding.UTF8.GetBytes(json), .. data]);
    }
}
