using System.Text.Json;

namespace ModelOperator.Demo.Traffic;

/// <summary>What is recorded of the sample models in <c>models.json</c>.</summary>
internal sealed class SampleModels
{
    private readonly Dictionary<string, SampleModel> _byName;

    private SampleModels(Dictionary<string, SampleModel> byName) => _byName = byName;

    public SampleModel this[string name] => _byName[name];

    public static SampleModels Load(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return new SampleModels(document.RootElement.GetProperty("models").EnumerateArray().ToDictionary(
            m => m.GetProperty("name").GetString()!,
            m => new SampleModel(
                m.GetProperty("version").GetString()!,
                m.GetProperty("sha256").GetString()!,
                m.GetProperty("accuracy").GetString()!)));
    }

    /// <param name="Version">The version label.</param>
    /// <param name="Sha256">The digest of the file.</param>
    /// <param name="Accuracy">Share of the held-out images that it classifies right, to four decimals.</param>
    internal sealed record SampleModel(string Version, string Sha256, string Accuracy);
}
