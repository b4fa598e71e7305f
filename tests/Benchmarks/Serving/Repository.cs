namespace ModelOperator.Benchmarks.Serving;

/// <summary>The checkout that this program was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string Digits => Path.Combine(Root, "samples", "digits", "v1", "model.onnx");

    private static string Find()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "ModelOperator.sln")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("run this from the repository's build outputs");
        }
        return directory.FullName;
    }
}
