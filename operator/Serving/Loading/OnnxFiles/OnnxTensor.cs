namespace ModelOperator.Serving.Loading.OnnxFiles;

/// <summary>A tensor that a model file holds or refers to.</summary>
/// <param name="Name">Its name; may be empty.</param>
/// <param name="Shape">Its dimensions, as they stand there.</param>
/// <param name="Stored">Bytes of elements in the file itself.</param>
/// <param name="External">Where its elements are, when they are in another file.</param>
internal sealed record OnnxTensor(string Name, IReadOnlyList<long> Shape, long Stored, ExternalData? External)
{
    /// <summary>The product of the dimensions, <see cref="long.MaxValue"/> when it is larger; negative when one of them is.</summary>
    public long Elements
    {
        get
        {
            var product = 1L;
            foreach (var dimension in Shape)
            {
                if (dimension < 0)
                {
                    return -1;
                }
                product = dimension == 0 ? 0 : product > long.MaxValue / dimension ? long.MaxValue : product * dimension;
            }
            return Shape.Contains(0) ? 0 : product;
        }
    }
}
