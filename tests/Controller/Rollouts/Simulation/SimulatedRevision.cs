namespace ModelOperator.Controller.Tests.Rollouts.Simulation;

internal sealed class SimulatedRevision(string name, string hash)
{
    private readonly List<bool> _pods = [];

    public string Name { get; } = name;

    public string Hash { get; } = hash;

    public int Ready => _pods.Count(ready => ready);

    public int Replicas => _pods.Count;

    /// <summary>Whether its pods can become ready.</summary>
    public bool Works { get; set; } = true;

    public void Scale(int replicas)
    {
        while (_pods.Count < replicas)
        {
            _pods.Add(false);
        }

        _pods.Sort((a, b) => b.CompareTo(a));
        _pods.RemoveRange(replicas, _pods.Count - replicas);
    }

    public void OneBecomesReady()
    {
        var index = _pods.IndexOf(false);
        if (index >= 0 && Works)
        {
            _pods[index] = true;
        }
    }

    public void OneDies()
    {
        var index = _pods.IndexOf(true);
        if (index >= 0)
        {
            _pods[index] = false;
        }
    }
}
