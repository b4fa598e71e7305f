using System.Text;

namespace ModelOperator.DevCluster.Node.Containers;

/// <summary>
/// Where a container's mount paths lie on this machine. There is no file system of its own to mount them into, so words
/// that name them are rewritten: at the start of a word, after <c>=</c> and after <c>file://</c>.
/// </summary>
internal sealed class MountTable
{
    private const string FileScheme = "file://";

    private readonly List<(string MountPath, string HostPath)> _mounts;

    /// <param name="mounts">Paths inside the container and the files or folders they are.</param>
    public MountTable(IEnumerable<(string MountPath, string HostPath)> mounts) =>
        _mounts = [.. mounts
            .Select(m => (MountPath: m.MountPath.Length > 1 ? m.MountPath.TrimEnd('/') : m.MountPath, m.HostPath))
            .OrderByDescending(m => m.MountPath.Length)];

    /// <summary>The word with mount paths replaced.</summary>
    public string Rewrite(string word)
    {
        if (_mounts.Count == 0 || !word.Contains('/', StringComparison.Ordinal))
        {
            return word;
        }

        StringBuilder? result = null;
        var copied = 0;
        for (var i = 0; i < word.Length; i++)
        {
            if (!MayStartPath(word, i) || Match(word, i) is not { } mount)
            {
                continue;
            }

            result ??= new StringBuilder(word.Length);
            result.Append(word, copied, i - copied).Append(mount.HostPath);
            copied = i + mount.MountPath.Length;
            i = copied - 1;
        }

        return result is null ? word : result.Append(word, copied, word.Length - copied).ToString();
    }

    private static bool MayStartPath(string word, int index) =>
        word[index] == '/' && (index == 0 || word[index - 1] == '=' || word.AsSpan(0, index).EndsWith(FileScheme, StringComparison.Ordinal));

    private (string MountPath, string HostPath)? Match(string word, int index)
    {
        foreach (var mount in _mounts)
        {
            var end = index + mount.MountPath.Length;
            if (string.CompareOrdinal(word, index, mount.MountPath, 0, mount.MountPath.Length) == 0
                && (end == word.Length || word[end] is '/' or ':' or ','))
            {
                return mount;
            }
        }

        return null;
    }
}
