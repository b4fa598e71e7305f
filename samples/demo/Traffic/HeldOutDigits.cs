using System.Text.Json;

namespace ModelOperator.Demo.Traffic;

/// <summary>The held-out images with what they show, each ready to send as a V2 request.</summary>
internal sealed class HeldOutDigits
{
    private HeldOutDigits(IReadOnlyList<Digit> digits) => Digits = digits;

    public IReadOnlyList<Digit> Digits { get; }

    /// <summary>Reads <c>heldout.json</c>: <c>images</c>, 64 pixels of 0 to 16 each, and <c>labels</c>.</summary>
    public static HeldOutDigits Load(string path)
    {
        using var file = File.OpenRead(path);
        using var document = JsonDocument.Parse(file);
        var images = document.RootElement.GetProperty("images").EnumerateArray();
        var labels = document.RootElement.GetProperty("labels").EnumerateArray();
        return new HeldOutDigits([.. images.Zip(labels, (image, label) => new Digit(RequestOf(image), label.GetInt64()))]);
    }

    private static byte[] RequestOf(JsonElement image) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        inputs = new[] { new { name = "image", shape = new[] { 1, 64 }, datatype = "FP32", data = image } },
    });

    /// <summary>One image.</summary>
    /// <param name="Request">The body of the V2 request.</param>
    /// <param name="Label">The digit it shows.</param>
    internal sealed record Digit(byte[] Request, long Label);
}
