using System.Text;
using System.Text.Json;

namespace ModelOperator.DevCluster.ApiServer.Storage;

/// <summary>Keeps the snapshots that paged lists are in the middle of, so that later pages see the world of the first one.</summary>
internal sealed class PagedSnapshots
{
    private const int Kept = 64;
    private readonly Lock _gate = new();
    private readonly LinkedList<(string Resource, Snapshot Snapshot)> _recent = [];

    /// <summary>The token that continues a list after a key.</summary>
    public string Continue(string resource, Snapshot snapshot, ObjectKey last)
    {
        lock (_gate)
        {
            if (!_recent.Any(entry => entry.Resource == resource && entry.Snapshot.Revision == snapshot.Revision))
            {
                _recent.AddLast((resource, snapshot));
                if (_recent.Count > Kept)
                {
                    _recent.RemoveFirst();
                }
            }
        }

        return Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new string[] { snapshot.Revision.ToString(), last.Namespace, last.Name }));
    }

    /// <summary>The world as of a revision that a paged list has seen, if it is still kept.</summary>
    public Snapshot? At(string resource, long revision)
    {
        lock (_gate)
        {
            return _recent.FirstOrDefault(entry => entry.Resource == resource && entry.Snapshot.Revision == revision).Snapshot;
        }
    }

    /// <summary>The snapshot of a token and the last key already sent; null when it is no longer kept.</summary>
    /// <exception cref="FormatException">The token was not made here.</exception>
    public (Snapshot Snapshot, ObjectKey After)? Resume(string resource, string token)
    {
        if (Parse(token) is not [var text, var ns, var name] || !long.TryParse(text, out var revision))
        {
            throw new FormatException("continue key is not valid");
        }

        lock (_gate)
        {
            foreach (var entry in _recent)
            {
                if (entry.Resource == resource && entry.Snapshot.Revision == revision)
                {
                    return (entry.Snapshot, new ObjectKey(ns, name));
                }
            }
        }

        return null;
    }

    private static string[]? Parse(string token)
    {
        try
        {
            return JsonSerializer.Deserialize<string[]>(Encoding.UTF8.GetString(Convert.FromBase64String(token)));
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            throw new FormatException($"continue key is not valid: {exception.Message}", exception);
        }
    }
}
