using ModelOperator.DevCluster.Controllers.Dynamic;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Controllers.GarbageCollection;

/// <summary>All objects of the cluster and who owns whom.</summary>
internal sealed class ObjectGraph
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, GraphNode> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _dependents = new(StringComparer.Ordinal);

    /// <summary>Takes in an object as it is now.</summary>
    public GraphNode Set(ResourceType type, V1ObjectMeta metadata)
    {
        var node = new GraphNode(type, metadata);
        lock (_lock)
        {
            Unlink(node.Uid);
            _nodes[node.Uid] = node;
            foreach (var owner in metadata.OwnerReferences ?? [])
            {
                if (!_dependents.TryGetValue(owner.Uid, out var dependents))
                {
                    _dependents[owner.Uid] = dependents = new HashSet<string>(StringComparer.Ordinal);
                }

                dependents.Add(node.Uid);
            }
        }

        return node;
    }

    /// <summary>Forgets an object.</summary>
    public void Remove(string uid)
    {
        lock (_lock)
        {
            Unlink(uid);
            _nodes.Remove(uid);
        }
    }

    public GraphNode? Get(string uid)
    {
        lock (_lock)
        {
            return _nodes.GetValueOrDefault(uid);
        }
    }

    /// <summary>The objects that name this one as an owner.</summary>
    public IReadOnlyList<GraphNode> DependentsOf(string uid)
    {
        lock (_lock)
        {
            return _dependents.TryGetValue(uid, out var dependents)
                ? [.. dependents.Where(_nodes.ContainsKey).Select(d => _nodes[d])]
                : [];
        }
    }

    /// <summary>The objects of a kind.</summary>
    public IReadOnlyList<GraphNode> OfType(ResourceType type)
    {
        lock (_lock)
        {
            return [.. _nodes.Values.Where(n => n.Type == type)];
        }
    }

    private void Unlink(string uid)
    {
        if (!_nodes.TryGetValue(uid, out var node))
        {
            return;
        }

        foreach (var owner in node.Metadata.OwnerReferences ?? [])
        {
            if (_dependents.TryGetValue(owner.Uid, out var dependents) && dependents.Remove(uid) && dependents.Count == 0)
            {
                _dependents.Remove(owner.Uid);
            }
        }
    }
}
