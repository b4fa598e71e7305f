using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Client;

/// <summary>
/// What a flow of calls has written, as the highest resource version of each kind. Whoever wants to know opens a
/// log; the client notes every write made further down the flow.
/// </summary>
internal sealed class WriteLog
{
    private static readonly AsyncLocal<WriteLog?> Ambient = new();

    private readonly Lock _gate = new();
    private readonly Dictionary<Type, ulong> _highest = [];

    /// <summary>Starts a log for the calls that the current method makes from here on.</summary>
    public static WriteLog Open() => Ambient.Value = new WriteLog();

    /// <summary>Notes what a write returned.</summary>
    public static void Note<T>(T written)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (Ambient.Value is { } log && ResourceVersions.Parse(written.ResourceVersion()) is { } version)
        {
            lock (log._gate)
            {
                log._highest[typeof(T)] = Math.Max(version, log._highest.GetValueOrDefault(typeof(T)));
            }
        }
    }

    /// <summary>The highest version written of each kind.</summary>
    public IReadOnlyDictionary<Type, ulong> Highest()
    {
        lock (_gate)
        {
            return new Dictionary<Type, ulong>(_highest);
        }
    }
}
