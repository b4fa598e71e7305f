using System.Net.Http.Headers;
using System.Text;

namespace ModelOperator.Benchmarks.Serving;

/// <summary>One row of zeros and ones for a <see cref="LayeredNetwork"/>, as raw bytes, and raw bytes back.</summary>
internal sealed class RowRequest
{
    private readonly byte[] _head;

    public RowRequest(int width)
    {
        _head = Encoding.UTF8.GetBytes(
            $$$"""{"inputs":[{"name":"{{{LayeredNetwork.Input}}}","shape":[1,{{{width}}}],"datatype":"FP32","parameters":{"binary_data_size":{{{width * sizeof(float)}}}}}],"parameters":{"binary_data_output":true}}""");
        var row = new byte[width * sizeof(float)];
        for (var i = 0; i < width; i += 2)
        {
            BitConverter.TryWriteBytes(row.AsSpan(i * sizeof(float)), 1f);
        }
        Body = [.. _head, .. row];
    }

    public byte[] Body { get; }

    public int JsonLength => _head.Length;

    public HttpRequestMessage To(Uri address)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        request.Headers.Add(DigitRequest.JsonLengthHeader, $"{JsonLength}");
        return request;
    }
}
