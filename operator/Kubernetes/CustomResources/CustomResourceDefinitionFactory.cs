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

    /// <summary>The definition of a custom resource that has one version.</summary>
    /// <exception cref="InvalidOperationException">The type cannot be told as a structural schema.</exception>
    public V1CustomResourceDefinition Create(Type type) => Create([type]);

    /// <summary>The definition of a custom resource from the types of its versions.</summary>
    /// <exception cref="InvalidOperationException">A type cannot be told as a structural schema, or it is not clear which version is stored.</exception>
    public V1CustomResourceDefinition Create(IReadOnlyList<Type> versions)
    {
        var stored = StoredOf(versions);
        var kind = EntityMetadata.For(stored);
        var names = new V1CustomResourceDefinitionNames
        {
            Kind = kind.Kind,
            ListKind = kind.Kind + "List",
            Plural = kind.Plural,
            Singular = kind.Kind.ToLowerInvariant(),
            ShortNames = stored.GetCustomAttribute<KubernetesEntityShortNamesAttribute>()?.ShortNames.ToList(),
            Categories = stored.GetCustomAttribute<KubernetesEntityCategoriesAttribute>()?.Categories.ToList(),
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
                Versions = [.. versions.Select(type => Version(type, type == stored))],
            },
        };
    }

    private static Type StoredOf(IReadOnlyList<Type> versions)
    {
        if (versions is [var only])
        {
            return only;
        }

        var marked = versions.Where(type => type.IsDefined(typeof(StorageVersionAttribute))).ToList();
        return marked is [var stored]
            ? stored
            : throw new InvalidOperationException(
                $"{EntityMetadata.For(versions[0]).QualifiedName} has {versions.Count} versions, of which {marked.Count} have [StorageVersion]; one must");
    }

    private V1CustomResourceDefinitionVersion Version(Type type, bool isStored)
    {
        var schema = Root(type);
        var deprecation = type.GetCustomAttribute<DeprecatedVersionAttribute>();
        return new V1CustomResourceDefinitionVersion
        {
            Name = EntityMetadata.For(type).Version,
            Served = !type.IsDefined(typeof(UnservedVersionAttribute)),
            Storage = isStored,
            Deprecated = deprecation is null ? null : true,
            DeprecationWarning = deprecation?.Warning,
            AdditionalPrinterColumns = PrinterColumns.Of(type),
            SelectableFields = SelectableFields.Of(type, schema),
            Schema = new V1CustomResourceValidation { OpenAPIV3Schema = schema },
            Subresources = Subresources(type),
        };
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
