using System.Reflection;
using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Entities.Attributes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.CustomResources;

/// <summary>Makes definitions of custom resources from C# types, their attributes and their documentation.</summary>
public sealed class CustomResourceDefinitionFactory
{
    private readonly XmlDocumentation _documentation = new();

    /// <summary>The custom resources of an assembly, by kind.</summary>
    public static IReadOnlyList<Type> TypesIn(Assembly assembly) =>
    [
        .. assembly.GetTypes()
            .Where(type => !type.IsAbstract && typeof(CustomKubernetesEntity).IsAssignableFrom(type))
            .OrderBy(type => EntityMetadata.For(type).Kind, StringComparer.Ordinal),
    ];

    /// <summary>The definition of one custom resource.</summary>
    /// <exception cref="InvalidOperationException">The type cannot be told as a structural schema.</exception>
    public V1CustomResourceDefinition Create(Type type)
    {
        var kind = EntityMetadata.For(type);
        var names = new V1CustomResourceDefinitionNames
        {
            Kind = kind.Kind,
            ListKind = kind.Kind + "List",
            Plural = kind.Plural,
            Singular = kind.Kind.ToLowerInvariant(),
            ShortNames = type.GetCustomAttribute<KubernetesEntityShortNamesAttribute>()?.ShortNames.ToList(),
            Categories = type.GetCustomAttribute<KubernetesEntityCategoriesAttribute>()?.Categories.ToList(),
        };
        return new V1CustomResourceDefinition
        {
            ApiVersion = "apiextensions.k8s.io/v1",
            Kind = "CustomResourceDefinition",
            Metadata = new V1ObjectMeta { Name = kind.QualifiedName },
            Spec = new V1CustomResourceDefinitionSpec
            {
                Group = kind.Group,
                Names = names,
                Scope = kind.Scope.ToString(),
                Versions =
                [
                    new V1CustomResourceDefinitionVersion
                    {
                        Name = kind.Version,
                        Served = true,
                        Storage = true,
                        AdditionalPrinterColumns = Columns(type),
                        Schema = new V1CustomResourceValidation { OpenAPIV3Schema = Root(type) },
                        Subresources = Subresources(type),
                    },
                ],
            },
        };
    }

    private static List<V1CustomResourceColumnDefinition>? Columns(Type type)
    {
        var columns = type.GetCustomAttributes<GenericAdditionalPrinterColumnAttribute>()
            .Select(column => new V1CustomResourceColumnDefinition
            {
                Name = column.Name,
                Type = column.Type,
                JsonPath = column.JsonPath,
                Description = column.Description,
                Priority = column.Priority == 0 ? null : column.Priority,
            })
            .ToList();
        return columns.Count > 0 ? columns : null;
    }

    private static V1CustomResourceSubresources? Subresources(Type type)
    {
        var hasStatus = type.GetProperty("Status") is not null;
        var scale = type.GetCustomAttribute<ScaleSubresourceAttribute>();
        return !hasStatus && scale is null
            ? null
            : new V1CustomResourceSubresources
            {
                Status = hasStatus ? [] : null,
                Scale = scale is null
                    ? null
                    : new V1CustomResourceSubresourceScale
                    {
                        SpecReplicasPath = scale.SpecReplicasPath,
                        StatusReplicasPath = scale.StatusReplicasPath,
                        LabelSelectorPath = scale.LabelSelectorPath,
                    },
            };
    }

    private JsonObject Root(Type type)
    {
        var properties = new JsonObject
        {
            ["apiVersion"] = Text("Group and version of the object."),
            ["kind"] = Text("Kind of the object."),
            ["metadata"] = new JsonObject { ["type"] = "object" },
        };
        var root = new JsonObject { ["description"] = _documentation.Of(type), ["type"] = "object", ["properties"] = properties };
        foreach (var name in new[] { "Spec", "Status" })
        {
            if (type.GetProperty(name) is { } property)
            {
                var schema = new JsonObject { ["description"] = _documentation.Of(property.PropertyType) };
                foreach (var (key, value) in new SchemaGenerator(_documentation).OfObject(property.PropertyType).ToList())
                {
                    schema[key] = value?.DeepClone();
                }

                properties[SchemaGenerator.NameOf(property)] = schema;
            }
        }

        if (properties["spec"]?["required"] is not null)
        {
            root["required"] = new JsonArray("spec");
        }

        SchemaConstraints.AddRules(root, type);
        return root;

        static JsonObject Text(string description) => new() { ["description"] = description, ["type"] = "string" };
    }
}
