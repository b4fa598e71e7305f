using System.Text.Json;

namespace ModelOperator.Demo.Traffic;

/// <summary>The held-out images with what they show, each ready to send as a V2 request.</summary>
internal sealed class HeldOutDigits
{
    private static readonly int[] Shape = [1, 64];

    private HeldOutDigits(IReadOnlyList<Digit> digits) => Digits = digits;

    public IReadOnlyList<Digit> Digits { get; }

    /// <summary>Reads <c>heldout.json</c>: a list of <c>label</c> and <c>pixels</c>, 64 values of 0 to 16.</summary>
    public static HeldOutDigits Load(string path)
    {
        using var file = File.OpenRead(path);
        using var document = JsonDocument.Parse(file);
        return new HeldOutDigits([.. document.RootElement.EnumerateArray().Select(image =>
            new Digit(
                RequestOf(image.GetProperty("pixels")),
                image.GetProperty("label").GetInt64(),
                [.. image.GetProperty("pixels").EnumerateArray().Select(pixel => pixel.GetSingle())]))]);
    }

    private static byte[] RequestOf(JsonElement pixels) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        inputs = new[] { new { name = "image", shape = Shape, datatype = "FP32", data = pixels } },
    });

    /// <summary>One image.</summary>
    /// <param name="Request">The body of the V2 request.</param>
    /// <param name="Label">The digit it shows.</param>
    /// <param name="Pixels">The 64 values.</param>
    internal sealed record Digit(byte[] Request, long Label, float[] Pixels);
}
