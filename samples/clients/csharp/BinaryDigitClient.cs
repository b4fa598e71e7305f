using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace ModelOperator.SampleClient;

/// <summary>REST with the binary tensor data extension: raw little-endian numbers behind the JSON, both ways.</summary>
internal sealed class BinaryDigitClient(HttpClient http, Uri server, string model) : IDigitClient
{
    private const string LengthHeader = "Inference-Header-Content-Length";

    public async Task<(long Label, float[] Probabilities)> ClassifyAsync(float[] pixels)
    {
        var head = Encoding.UTF8.GetBytes(
            $$$"""
            {"inputs": [{"name": "image", "shape": [1, {{{pixels.Length}}}], "datatype": "FP32",
              "parameters": {"binary_data_size": {{{pixels.Length * sizeof(float)}}}}}],
             "parameters": {"binary_data_output": true}}
            """);
        var content = new ByteArrayContent([.. head, .. MemoryMarshal.AsBytes(pixels.AsSpan())]);
        content.Headers.ContentType = new("application/octet-stream");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{server.AbsoluteUri.TrimEnd('/')}/v2/models/{model}/infer") { Content = content };
        request.Headers.Add(LengthHeader, head.Length.ToString(CultureInfo.InvariantCulture));

        using var response = await http.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{(int)response.StatusCode}: {Encoding.UTF8.GetString(body)}");
        }
        var at = int.Parse(response.Headers.GetValues(LengthHeader).Single(), CultureInfo.InvariantCulture);
        using var answer = JsonDocument.Parse(body.AsMemory(0, at));
        var outputs = new Dictionary<string, ReadOnlyMemory<byte>>();
        foreach (var output in answer.RootElement.GetProperty("outputs").EnumerateArray())
        {
            var size = output.GetProperty("parameters").GetProperty("binary_data_size").GetInt32();
            outputs[output.GetProperty("name").GetString()!] = body.AsMemory(at, size);
            at += size;
        }
        return (MemoryMarshal.Read<long>(outputs["label"].Span), MemoryMarshal.Cast<byte, float>(outputs["probabilities"].Span).ToArray());
    }
}
