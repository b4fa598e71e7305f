using System.Text;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Protocol.V2;

namespace ModelOperator.Serving.Tests.Protocol;

/// <summary>What a request leaves for the garbage collector does not grow with its tensors: they live in pooled memory.</summary>
[NonParallelizable]
internal sealed class AllocationTests
{
    private static readonly ModelSignature Signature = new([new TensorSpec("x", DataType.Fp32, [-1, 64], ["n", ""])], []);

    [Test]
    public void Reading_json_allocates_the_same_for_one_row_and_for_a_hundred() =>
        Assert.That(BytesPerRead(Json(100), []), Is.EqualTo(BytesPerRead(Json(1), [])).Within(8));

    [Test]
    public void Reading_raw_bytes_allocates_the_same_for_one_row_and_for_a_hundred() =>
        Assert.That(BytesPerRead(Raw(100), new byte[100 * 256]), Is.EqualTo(BytesPerRead(Raw(1), new byte[256])).Within(8));

    private static byte[] Json(int rows) => Encoding.UTF8.GetBytes(
        $$"""{"inputs":[{"name":"x","shape":[{{rows}},64],"datatype":"FP32","data":[{{string.Join(',', Enumerable.Repeat("0.25", rows * 64))}}]}]}""");

    private static byte[] Raw(int rows) => Encoding.UTF8.GetBytes(
        $$$"""{"inputs":[{"name":"x","shape":[{{{rows}}},64],"datatype":"FP32","parameters":{"binary_data_size":{{{rows * 256}}}}}]}""");

    private static double BytesPerRead(byte[] text, byte[] raw)
    {
        const int Reads = 200;
        for (var i = 0; i < Reads; i++)
        {
            InferRequestReader.Read(text, raw, Signature).Dispose();
        }
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Reads; i++)
        {
            InferRequestReader.Read(text, raw, Signature).Dispose();
        }
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Reads;
        TestContext.Out.WriteLine($"{bytes:0} B per read of {text.Length + raw.Length} B");
        return bytes;
    }
}
