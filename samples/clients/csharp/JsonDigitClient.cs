using System.Net.Http.Json;
using System.Text.Json;

namespace ModelOperator.SampleClient;

/// <summary>REST, with all numbers in JSON: the easiest to read.</summary>
internal sealed class JsonDigitClient(HttpClient http, Uri server, string model) : IDigitClient
{
    private static readonly int[] Shape = [1, 64];

    public async Task<(long Label, float[] Probabilities)> ClassifyAsync(float[] pixels)
    {
        using var response = await http.PostAsJsonAsync($"{server.AbsoluteUri.TrimEnd('/')}/v2/models/{model}/infer", new
        {
            inputs = new[] { new { name = "image", shape = Shape, datatype = "FP32", data = pixels } },
        });
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"{(int)response.StatusCode}: {answer.GetProperty("error").GetString()}");
        }
        var outputs = answer.GetProperty("outputs").EnumerateArray().ToDictionary(output => output.GetProperty("name").GetString()!, output => output.GetProperty("data"));
        return (outputs["label"][0].GetInt64(), [.. outputs["probabilities"].EnumerateArray().Select(value => value.GetSingle())]);
    }
}
