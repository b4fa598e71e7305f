using System.Security.Cryptography;
using System.Text;

namespace ModelOperator.Serving.Loading;

/// <summary>
/// The digest that names a model's bytes: SHA-256, in lower-case hexadecimal. Of one file, of its content. Of several, of a line for
/// each in ordinal order of the paths: the file's digest, two spaces, its path relative to the directory, a line feed; which is what
/// <c>find * -type f | LC_ALL=C sort | xargs sha256sum | sha256sum</c> computes in the directory.
/// </summary>
internal static class ModelDigest
{
    /// <summary>Where those lines are kept beside a model that came as a directory: the names of all its files.</summary>
    public const string ListName = ".sha256sums";

    private const int BufferSize = 1 << 20;
    private const int HexLength = 64;
    private const string Separator = "  ";

    public static string OfFile(string path, CancellationToken cancellationToken)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[(int)Math.Min(BufferSize, Math.Max(file.Length, 1))];
        while (file.Read(buffer) is var read and > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <param name="directory">Where they are.</param>
    /// <param name="paths">Relative to it.</param>
    /// <param name="cancellationToken">Ends it between two pieces of a file.</param>
    public static string List(string directory, IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        var lines = new StringBuilder();
        foreach (var path in paths.Order(StringComparer.Ordinal))
        {
            lines.Append(OfFile(Path.Combine(directory, path), cancellationToken)).Append(Separator).Append(path).Append('\n');
        }
        return lines.ToString();
    }

    public static string OfList(string list) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(list)));

    public static IEnumerable<string> PathsIn(string list) => list.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Length > HexLength + Separator.Length ? line[(HexLength + Separator.Length)..] : "");

    /// <param name="path">The model's file.</param>
    /// <param name="beside">Files that it refers to, relative to its directory.</param>
    /// <param name="cancellationToken">Ends it between two pieces of a file.</param>
    /// <exception cref="ModelLoadException">Files are not what they were when the model was fetched.</exception>
    public static string OfModel(string path, IReadOnlyList<string> beside, CancellationToken cancellationToken)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var kept = Path.Combine(directory, ListName);
        if (!File.Exists(kept))
        {
            return beside.Count == 0
                ? OfFile(path, cancellationToken)
                : OfList(List(directory, [Path.GetFileName(path), .. beside], cancellationToken));
        }
        var list = File.ReadAllText(kept);
        string[] paths = [.. PathsIn(list)];
        if (beside.Except(paths).FirstOrDefault() is { } stranger)
        {
            throw new ModelLoadException($"{path} needs \"{stranger}\", which is not of the model that was fetched; fetch it again.");
        }
        return List(directory, paths, cancellationToken) == list
            ? OfList(list)
            : throw new ModelLoadException($"The files in {directory} are not those that were fetched, which {kept} lists; fetch the model again.");
    }
}
