// classify json|binary|grpc URL [PICTURE]: asks a digits model which digit a picture shows.
using System.Text.Json;
using ModelOperator.SampleClient;

if (args is not [var form, var url, ..] || !Uri.TryCreate(url.TrimEnd('/'), UriKind.Absolute, out var server))
{
    Console.Error.WriteLine("usage: classify json|binary|grpc URL [PICTURE]");
    return 2;
}
var index = args.Length > 2 ? int.Parse(args[2]) : 0;
var model = Environment.GetEnvironmentVariable("MODEL") ?? "digits";
using var heldOut = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "heldout.json")));
float[] pixels = [.. heldOut.RootElement[index].GetProperty("pixels").EnumerateArray().Select(pixel => pixel.GetSingle())];

using var http = new HttpClient();
IDigitClient client = form switch
{
    "json" => new JsonDigitClient(http, server, model),
    "binary" => new BinaryDigitClient(http, server, model),
    "grpc" => new GrpcDigitClient(http, server, model),
    _ => throw new ArgumentException($"'{form}' is none of json, binary and grpc"),
};
try
{
    var (label, probabilities) = await client.ClassifyAsync(pixels);
    Console.WriteLine($"picture {index} is a {label} (probability {probabilities[label]:0.000})");
    return 0;
}
catch (HttpRequestException failure)
{
    Console.Error.WriteLine($"classify: {failure.Message}");
    return 1;
}
