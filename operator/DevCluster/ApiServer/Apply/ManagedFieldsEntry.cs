using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;

namespace ModelOperator.DevCluster.ApiServer.Apply;

/// <summary>Which fields one manager owns through one operation, API version and subresource.</summary>
internal sealed record ManagedFieldsEntry(string Manager, string Operation, string ApiVersion, string Subresource, string? Time, FieldSet Fields)
{
    public const string Apply = "Apply";
    public const string Update = "Update";

    public bool IsSameManager(ManagedFieldsEntry other) =>
        Manager == other.Manager && Operation == other.Operation && ApiVersion == other.ApiVersion && Subresource == other.Subresource;

    /// <summary>As conflict messages name it.</summary>
    public string Description
    {
        get
        {
            var text = $"\"{Manager}\"";
            if (Subresource.Length > 0)
            {
                text += $" with subresource \"{Subresource}\"";
            }

            if (Operation != Update)
            {
                return text;
            }

            return $"{text} using {ApiVersion}";
        }
    }

    public static List<ManagedFieldsEntry> ReadAll(JsonObject? obj)
    {
        var result = new List<ManagedFieldsEntry>();
        foreach (var entry in obj.ArrayAt("metadata", "managedFields")?.OfType<JsonObject>() ?? [])
        {
            result.Add(new ManagedFieldsEntry(
                entry.StringAt("manager") ?? "",
                entry.StringAt("operation") ?? Update,
                entry.StringAt("apiVersion") ?? "",
                entry.StringAt("subresource") ?? "",
                entry.StringAt("time"),
                FieldSet.FromFieldsV1(entry.ObjectAt("fieldsV1"))));
        }

        return result;
    }

    public JsonObject ToJson()
    {
        var result = new JsonObject { ["manager"] = Manager, ["operation"] = Operation, ["apiVersion"] = ApiVersion };
        if (Time is not null)
        {
            result["time"] = Time;
        }

        result["fieldsType"] = "FieldsV1";
        result["fieldsV1"] = Fields.ToFieldsV1();
        if (Subresource.Length > 0)
        {
            result["subresource"] = Subresource;
        }

        return result;
    }
}
