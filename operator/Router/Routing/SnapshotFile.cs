using System.Text.Json;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Router.Routing;

/// <summary>A snapshot on disk. It is replaced as a whole: a router that is killed while writing leaves the one before.</summary>
internal sealed partial class SnapshotFile(string path, ILogger<SnapshotFile> logger)
{
    /// <summary>Reads it; null when there is none that can be read, which is said and is no reason not to start.</summary>
    public RouteSnapshot? Read()
    {
        try
        {
            using var file = File.OpenRead(path);
            return JsonSerializer.Deserialize<RouteSnapshot>(file, KubernetesJson.Options);
        }
        catch (Exception none) when (none is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or JsonException)
        {
            LogUnreadable(path, wrong.Message);
            return null;
        }
    }

    /// <summary>Replaces it. A disk that is full or read-only is said; the router serves on.</summary>
    public void Write(RouteSnapshot snapshot)
    {
        var written = path + ".new";
        try
        {
            using (var file = new FileStream(written, FileMode.Create, FileAccess.Write))
            {
                JsonSerializer.Serialize(file, snapshot, KubernetesJson.Options);
                file.Flush(flushToDisk: true);
            }
            File.Move(written, path, overwrite: true);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            LogUnwritten(path, wrong.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The snapshot {Path} cannot be read and is left out: {Reason}")]
    private partial void LogUnreadable(string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The snapshot {Path} cannot be written: {Reason}")]
    private partial void LogUnwritten(string path, string reason);
}
