using System.Reflection;
using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.CustomResources;

/// <summary>The columns of <c>kubectl get</c>: those of the kind, then those of its properties in order of declaration.</summary>
internal static class PrinterColumns
{
    /// <summary>The columns; null when there are none.</summary>
    public static List<V1CustomResourceColumnDefinition>? Of(Type type)
    {
        var columns = type.GetCustomAttributes<GenericAdditionalPrinterColumnAttribute>().Select(column => new V1CustomResourceColumnDefinition
        {
            Name = column.Name,
            Type = column.Type,
            Format = column.Format,
            JsonPath = column.JsonPath,
            Description = column.Description,
            Priority = Priority(column.Priority),
        }).Concat(OfProperties(type, "")).ToList();
        return columns.Count > 0 ? columns : null;
    }

    private static IEnumerable<V1CustomResourceColumnDefinition> OfProperties(Type type, string path)
    {
        foreach (var property in SchemaGenerator.PropertiesOf(type))
        {
            var ownPath = $"{path}.{SchemaGenerator.NameOf(property)}";
            if (property.GetCustomAttribute<AdditionalPrinterColumnAttribute>() is { } column)
            {
                yield return new V1CustomResourceColumnDefinition
                {
                    Name = column.Name ?? property.Name,
                    Type = TypeOf(property, ownPath),
                    JsonPath = ownPath,
                    Priority = Priority(column.Priority),
                };
            }
            else if (SchemaGenerator.IsObject(property.PropertyType))
            {
                foreach (var inner in OfProperties(property.PropertyType, ownPath))
                {
                    yield return inner;
                }
            }
        }
    }

    private static string TypeOf(PropertyInfo property, string path) => SchemaGenerator.ScalarOf(property.PropertyType) switch
    {
        (_, "date-time") => "date",
        var (type, _) => type,
        null => throw new InvalidOperationException($"{path} cannot be a column: it is no text, number, bool or time"),
    };

    private static int? Priority(int priority) => priority == 0 ? null : priority;
}
