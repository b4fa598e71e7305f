using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace ModelOperator.DevCluster.Node.Volumes;

/// <summary>
/// A folder whose files all change at once, as kubelet lays it out: the files are in a folder of their own, <c>..data</c> is a symbolic
/// link to it that is replaced by a rename, and each name at the top is a link through <c>..data</c>.
/// </summary>
[SuppressMessage("Interoperability", "CA1416", Justification = "The node runs on Linux only.")]
internal static class AtomicFolder
{
    private const string Data = "..data";
    private const string NextData = "..data_tmp";

    /// <summary>Makes the folder have these files; does nothing when it has them already.</summary>
    public static void Write(string volume, string folder, IReadOnlyList<VolumeFile> files)
    {
        Directory.CreateDirectory(folder);
        var before = new FileInfo(Path.Combine(folder, Data)).LinkTarget is { } target ? Path.Combine(folder, target) : null;
        if (before is not null && Holds(before, files))
        {
            return;
        }

        var next = Path.Combine(folder, $"..{Guid.NewGuid():N}");
        Directory.CreateDirectory(next);
        foreach (var file in files)
        {
            WriteFile(Inside(volume, next, file.Path), file);
        }

        var link = Path.Combine(folder, NextData);
        File.Delete(link);
        File.CreateSymbolicLink(link, Path.GetFileName(next));
        Rename(link, Path.Combine(folder, Data));
        LinkNames(folder, files);
        if (before is not null)
        {
            Directory.Delete(before, recursive: true);
        }
    }

    // File.Move follows a link to a folder and Directory.Move replaces nothing; rename(2) does neither.
    private static void Rename(string from, string to)
    {
        if (Native.Rename(from, to) != 0)
        {
            throw new IOException($"{from} cannot be renamed to {to}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    private static bool Holds(string folder, IReadOnlyList<VolumeFile> files) =>
        Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Length == files.DistinctBy(f => f.Path).Count()
        && files.All(f => Path.Combine(folder, f.Path) is var path && File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(f.Content));

    private static void LinkNames(string folder, IReadOnlyList<VolumeFile> files)
    {
        var names = files.Select(f => f.Path.Split('/', 2)[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var link = new FileInfo(Path.Combine(folder, name));
            if (link.LinkTarget is null)
            {
                link.CreateAsSymbolicLink(Path.Combine(Data, name));
            }
        }

        foreach (var left in Directory.EnumerateFileSystemEntries(folder).Where(e => !Path.GetFileName(e).StartsWith("..", StringComparison.Ordinal)))
        {
            if (!names.Contains(Path.GetFileName(left)))
            {
                File.Delete(left);
            }
        }
    }

    private static string Inside(string volume, string folder, string path)
    {
        var full = Path.GetFullPath(path, folder);
        return full.StartsWith(folder + '/', StringComparison.Ordinal)
            ? full
            : throw new VolumeException(volume, $"path {path} leads out of the volume");
    }

    private static void WriteFile(string path, VolumeFile file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var options = new FileStreamOptions
        {
            // One source may overwrite the file of another before it.
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            // Never readable by others, not even for a moment.
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var stream = new FileStream(path, options))
        {
            stream.Write(file.Content);
        }

        File.SetUnixFileMode(path, (UnixFileMode)file.Mode & (UnixFileMode)0xFFF);
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "rename", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int Rename([MarshalAs(UnmanagedType.LPUTF8Str)] string from, [MarshalAs(UnmanagedType.LPUTF8Str)] string to);
    }
}
