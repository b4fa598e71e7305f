using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace ModelOperator.Kubernetes.Client.Kubeconfig;

/// <summary>One kubeconfig file; paths in it are relative to its own directory.</summary>
internal sealed record KubeconfigFile(string Path, KubeconfigDocument Document)
{
    private const long MaxBytes = 4 * 1024 * 1024;

    /// <exception cref="KubernetesConfigurationException">The file is missing, too large or no kubeconfig.</exception>
    public static KubeconfigFile Read(string path)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new KubernetesConfigurationException($"kubeconfig {path} does not exist");
        }

        if (file.Length > MaxBytes)
        {
            throw new KubernetesConfigurationException($"kubeconfig {path} has {file.Length} bytes, more than the {MaxBytes} allowed");
        }

        try
        {
            using var text = file.OpenText();
            var document = new DeserializerBuilder()
                .IgnoreUnmatchedProperties()
                .WithAttemptingUnquotedStringTypeDeserialization()
                .Build()
                .Deserialize<KubeconfigDocument?>(text) ?? new KubeconfigDocument();
            return document.Kind is null or "" or "Config"
                ? new KubeconfigFile(file.FullName, document)
                : throw new KubernetesConfigurationException($"kubeconfig {path}: kind is not Config");
        }
        catch (YamlException error)
        {
            // YamlException's own message may quote the text at fault, which can be a token.
            throw new KubernetesConfigurationException($"kubeconfig {path} is not valid at line {error.Start.Line}, column {error.Start.Column}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KubernetesConfigurationException($"kubeconfig {path} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>What is wrong with a field, in one sentence.</summary>
    public KubernetesConfigurationException Fault(string field, string fault, Exception? inner = null) =>
        new($"kubeconfig {Path}: {field} {fault}", inner);

    /// <summary>A path as this file means it.</summary>
    public string Resolve(string relative) =>
        System.IO.Path.GetFullPath(relative, System.IO.Path.GetDirectoryName(Path)!);
}
