using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Selectors;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.Resources;

/// <summary>Which objects of a resource a request is about.</summary>
internal sealed record ObjectFilter(string? Namespace, string? Name, LabelSelector Labels, FieldSelector Fields)
{
    public static ObjectFilter From(ResourcePath path, IQueryCollection query)
    {
        try
        {
            return new ObjectFilter(path.Namespace, path.Name, LabelSelector.Parse(query["labelSelector"]), FieldSelector.Parse(query["fieldSelector"], path.Kind));
        }
        catch (FormatException exception)
        {
            throw ApiErrors.BadRequest(exception.Message);
        }
    }

    public bool Matches(StoredObject stored) =>
        (Namespace is null || stored.Key.Namespace == Namespace)
        && (Name is null || stored.Key.Name == Name)
        && (Labels.IsEverything || Labels.Matches(stored.Content.ObjectAt("metadata", "labels")))
        && (Fields.IsEverything || Fields.Matches(stored.Content));
}
