using System.Reflection;
using System.Text.Json;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Kubernetes.CustomResources;

/// <summary>Writes the definitions of an assembly's custom resources as YAML files.</summary>
public static class CustomResourceDefinitionWriter
{
    private const string Header = "# Generated from the C# types by `make manifests`. Do not edit.\n";

    /// <summary>The files by name, for example <c>modeloperator.io_modeldeployments.yaml</c>.</summary>
    /// <exception cref="InvalidOperationException">A type cannot be told as a structural schema, or its documentation file is missing.</exception>
    public static IReadOnlyDictionary<string, string> Render(Assembly assembly)
    {
        var factory = new CustomResourceDefinitionFactory();
        return CustomResourceDefinitionFactory.TypesIn(assembly).GroupBy(type => EntityMetadata.For(type).QualifiedName).ToDictionary(
            versions => $"{EntityMetadata.For(versions.First()).Group}_{EntityMetadata.For(versions.First()).Plural}.yaml",
            versions => Header + YamlManifest.Write(JsonSerializer.SerializeToNode(factory.Create([.. versions]), KubernetesJson.Options)!),
            StringComparer.Ordinal);
    }

    /// <summary>Writes every file into a directory, which is created; files of other names stay.</summary>
    /// <returns>The paths written.</returns>
    public static IReadOnlyList<string> WriteAll(Assembly assembly, string directory)
    {
        Directory.CreateDirectory(directory);
        var paths = new List<string>();
        foreach (var (name, content) in Render(assembly))
        {
            var path = Path.Combine(directory, name);
            File.WriteAllText(path, content);
            paths.Add(path);
        }

        return paths;
    }
}
