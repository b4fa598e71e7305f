using System.Text;

namespace ModelOperator.Kubernetes.Client.Kubeconfig;

/// <summary>PEM that a field holds or names; data in the field goes before a file.</summary>
/// <param name="Pem">The text.</param>
/// <param name="Path">The file that it came from; null: the field itself.</param>
internal sealed record FileContent(string Pem, string? Path)
{
    /// <returns>Null when the field is not set.</returns>
    /// <exception cref="KubernetesConfigurationException">The data is no base64, or the file cannot be read.</exception>
    public static FileContent? Of(KubeconfigFile file, string field, string? data, string? path)
    {
        if (!string.IsNullOrEmpty(data))
        {
            try
            {
                return new FileContent(Encoding.UTF8.GetString(Convert.FromBase64String(data)), Path: null);
            }
            catch (FormatException)
            {
                throw file.Fault(field + "-data", "is not base64");
            }
        }

        if (string.IsNullOrEmpty(path))
        {
            return null;
        }

        var resolved = file.Resolve(path);
        try
        {
            return new FileContent(File.ReadAllText(resolved), resolved);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw file.Fault(field, $"cannot be read: {error.Message}", error);
        }
    }
}
