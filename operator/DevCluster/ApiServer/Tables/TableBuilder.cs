using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Resources;

namespace ModelOperator.DevCluster.ApiServer.Tables;

/// <summary>Objects as the <c>Table</c> that kubectl prints.</summary>
internal static class TableBuilder
{
    /// <param name="kind">The resource.</param>
    /// <param name="objects">The rows.</param>
    /// <param name="metadata">The list's metadata.</param>
    /// <param name="includeObject"><c>Metadata</c>, <c>Object</c> or <c>None</c>: what each row carries beside its cells.</param>
    /// <param name="now">The time that ages are measured to.</param>
    /// <param name="withHeader">Watches give the column definitions with the first event only.</param>
    public static JsonObject Build(
        ResourceKind kind, IEnumerable<JsonObject> objects, JsonObject metadata, string includeObject, DateTimeOffset now, bool withHeader = true)
    {
        var rows = new JsonArray();
        foreach (var obj in objects)
        {
            var cells = new JsonArray();
            foreach (var column in kind.Columns)
            {
                cells.Add(column.Value(obj, now));
            }

            var row = new JsonObject { ["cells"] = cells };
            if (includeObject == "Object")
            {
                row["object"] = obj.DeepClone();
            }
            else if (includeObject != "None")
            {
                row["object"] = ObjectView.PartialMetadata(obj);
            }

            rows.Add(row);
        }

        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = metadata,
            ["columnDefinitions"] = withHeader ? Definitions(kind) : new JsonArray(),
            ["rows"] = rows,
        };
    }

    private static JsonArray Definitions(ResourceKind kind)
    {
        var definitions = new JsonArray();
        foreach (var column in kind.Columns)
        {
            definitions.Add(new JsonObject
            {
                ["name"] = column.Name,
                ["type"] = column.Type,
                ["format"] = column.Format,
                ["description"] = column.Description.Length > 0 ? column.Description : column.Name,
                ["priority"] = column.Priority,
            });
        }

        return definitions;
    }
}
