using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace ModelOperator.Serving.Tests.Samples;

/// <summary>The sample models answer as their own documentation says.</summary>
internal sealed class DigitsTests
{
    private static readonly string Root = Path.Combine(TestContext.CurrentContext.TestDirectory, "digits");

    [TestCase("v1", 0.9630)]
    [TestCase("v2", 0.9907)]
    public async Task A_good_version_is_as_accurate_through_the_server_as_it_was_in_training(string version, double accuracy)
    {
        await using var server = await StartAsync(version);
        var images = Images();
        var (status, body, _) = await server.PostAsync(Request(await InputNameAsync(server), images.Select(image => image.Pixels)));

        Assert.That(status, Is.EqualTo(HttpStatusCode.OK));
        var answers = Digits(body!);
        var right = answers.Zip(images).Count(pair => pair.First == pair.Second.Label);
        Assert.That(right / (double)images.Count, Is.EqualTo(accuracy).Within(0.0001));
    }

    [Test]
    public async Task The_crashing_version_fails_for_the_darkest_images_with_500_and_answers_the_others()
    {
        await using var server = await StartAsync("crashing");
        var input = await InputNameAsync(server);
        var failures = 0;
        var images = Images();
        foreach (var image in images)
        {
            var (status, _, _) = await server.PostAsync(Request(input, [image.Pixels]));
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK).Or.EqualTo(HttpStatusCode.InternalServerError));
            failures += status == HttpStatusCode.OK ? 0 : 1;
        }
        Assert.That(failures / (double)images.Count, Is.EqualTo(0.2796).Within(0.0001));
    }

    private static Task<RunningServer> StartAsync(string version) => RunningServer.StartAsync(Path.Combine(Root, version, "model.onnx"));

    private static async Task<string> InputNameAsync(RunningServer server) =>
        JsonNode.Parse(await server.Http.GetStringAsync("/v2/models/tiny"))!["inputs"]![0]!["name"]!.GetValue<string>();

    private static string Request(string input, IEnumerable<float[]> images)
    {
        var rows = images.ToList();
        var data = string.Join(',', rows.SelectMany(row => row).Select(value => value.ToString(CultureInfo.InvariantCulture)));
        return $$"""{"inputs":[{"name":"{{input}}","shape":[{{rows.Count}},64],"datatype":"FP32","data":[{{data}}]}]}""";
    }

    private static List<(int Label, float[] Pixels)> Images() =>
    [
        .. JsonNode.Parse(File.ReadAllText(Path.Combine(Root, "heldout.json")))!.AsArray().Select(image =>
            (image!["label"]!.GetValue<int>(), image["pixels"]!.AsArray().Select(pixel => pixel!.GetValue<float>()).ToArray())),
    ];

    private static List<int> Digits(JsonNode body)
    {
        var scores = body["outputs"]!.AsArray().Single(output => output!["datatype"]!.GetValue<string>() == "FP32")!;
        return [.. scores["data"]!.AsArray().Select(value => value!.GetValue<float>()).Chunk(10).Select(row => Array.IndexOf(row, row.Max()))];
    }
}
