namespace ModelOperator.DevCluster.Controllers.Dynamic;

/// <summary>A page of objects of any kind.</summary>
internal sealed class PartialObjectList
{
    public PartialListMeta Metadata { get; set; } = new();

    public IList<PartialObject> Items { get; set; } = [];

    internal sealed class PartialListMeta
    {
        public string ResourceVersion { get; set; } = "";

        public string? Continue { get; set; }
    }
}
