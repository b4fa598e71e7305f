using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ModelOperator.DevCluster.Node.Images;

/// <summary>
/// Which local program stands for which image. The file is
/// <c>{"images": [{"image": "repository", "command": [...], "args": [...], "env": {...}}]}</c>; in words of command,
/// args and env, <c>{base}</c> is the folder of this program, <c>{configuration}</c> that folder's name
/// (<c>debug</c> or <c>release</c>) and <c>{map}</c> the folder of the file.
/// </summary>
internal sealed class ImageMap
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly Dictionary<string, LocalImage> _images;
    private readonly string _origin;

    public ImageMap(IEnumerable<LocalImage> images, string origin = "the image map")
    {
        _images = images.ToDictionary(i => Repository(i.Image), StringComparer.Ordinal);
        _origin = origin;
    }

    /// <summary>Reads a map file.</summary>
    /// <exception cref="InvalidDataException">The file is not a map; the message says where.</exception>
    public static ImageMap Load(string path)
    {
        var baseFolder = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        var mapFolder = Path.GetDirectoryName(Path.GetFullPath(path)) ?? "/";
        try
        {
            var file = JsonSerializer.Deserialize<ImageMapFile>(File.ReadAllBytes(path), Options)
                ?? throw new JsonException("the file holds null");
            return new ImageMap(file.Images.Select(Place), path);
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new InvalidDataException($"image map {path}: {e.Message}", e);
        }

        LocalImage Place(LocalImage image) => image with
        {
            Command = image.Command?.Select(PlaceWord).ToList(),
            Args = image.Args?.Select(PlaceWord).ToList(),
            Env = image.Env?.ToDictionary(e => e.Key, e => PlaceWord(e.Value)),
        };

        string PlaceWord(string word) => word
            .Replace("{base}", baseFolder, StringComparison.Ordinal)
            .Replace("{configuration}", Path.GetFileName(baseFolder), StringComparison.Ordinal)
            .Replace("{map}", mapFolder, StringComparison.Ordinal);
    }

    /// <summary>The program of an image reference.</summary>
    /// <exception cref="ImageNotFoundException">There is none.</exception>
    public LocalImage Resolve(string reference) =>
        _images.TryGetValue(Repository(reference), out var image) ? image : throw new ImageNotFoundException(reference, _origin);

    /// <summary>A stable identity of what a reference stands for.</summary>
    public string IdOf(string reference)
    {
        if (!_images.TryGetValue(Repository(reference), out var image))
        {
            return "";
        }

        var words = string.Join('\n', [.. image.Command ?? [], .. image.Args ?? []]);
        return $"{Repository(reference)}@sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(words)))}";
    }

    /// <summary>The repository of a reference: no tag, no digest, no default registry.</summary>
    internal static string Repository(string reference)
    {
        var name = reference.Split('@', 2)[0];
        var colon = name.LastIndexOf(':');
        if (colon > name.LastIndexOf('/'))
        {
            name = name[..colon];
        }

        foreach (var prefix in (ReadOnlySpan<string>)["docker.io/", "index.docker.io/", "library/"])
        {
            if (name.StartsWith(prefix, StringComparison.Ordinal))
            {
                name = name[prefix.Length..];
            }
        }

        return name;
    }

    private sealed record ImageMapFile(IReadOnlyList<LocalImage> Images);
}
