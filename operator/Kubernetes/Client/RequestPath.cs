using System.Globalization;
using System.Text;
using ModelOperator.Kubernetes.Entities;

namespace ModelOperator.Kubernetes.Client;

/// <summary>Builds the path and query of a request.</summary>
internal sealed class RequestPath
{
    private readonly StringBuilder _text;
    private char _separator = '?';

    private RequestPath(string path) => _text = new StringBuilder(path);

    /// <summary>What messages tell of it.</summary>
    public string Path => ToString().Split('?')[0];

    /// <inheritdoc cref="Collection(EntityMetadata, string?)"/>
    public static RequestPath Collection<T>(string? namespaceName) => Collection(EntityMetadata.For<T>(), namespaceName);

    /// <inheritdoc cref="Home(EntityMetadata, string?, string)"/>
    public static RequestPath Home<T>(string? namespaceName, string name) => Home(EntityMetadata.For<T>(), namespaceName, name);

    /// <inheritdoc cref="Object(EntityMetadata, string, string?, string?)"/>
    public static RequestPath Object<T>(string name, string? namespaceName, string? subresource = null) =>
        Object(EntityMetadata.For<T>(), name, namespaceName, subresource);

    /// <summary>All objects of a kind, in a namespace or (null) the cluster.</summary>
    public static RequestPath Collection(EntityMetadata kind, string? namespaceName) => new(kind.CollectionPath(namespaceName));

    /// <summary>The place where an object of the kind is created.</summary>
    /// <exception cref="ArgumentException">The kind lives in namespaces and none is given.</exception>
    public static RequestPath Home(EntityMetadata kind, string? namespaceName, string name) =>
        kind.Scope == EntityScope.Namespaced && string.IsNullOrEmpty(namespaceName)
            ? throw new ArgumentException($"{kind.Kind} {name} needs a namespace", nameof(namespaceName))
            : new RequestPath(kind.CollectionPath(namespaceName));

    /// <summary>One object, or a subresource of it.</summary>
    /// <exception cref="ArgumentException">The name is empty, or the namespace that the kind needs is.</exception>
    public static RequestPath Object(EntityMetadata kind, string name, string? namespaceName, string? subresource = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var path = Home(kind, namespaceName, name);
        path._text.Append('/').Append(Uri.EscapeDataString(name));
        if (subresource is not null)
        {
            path._text.Append('/').Append(subresource);
        }

        return path;
    }

    /// <summary>Says who writes, and what the server does about fields it does not know.</summary>
    public RequestPath ForWrite(KubernetesClientConfiguration configuration, string? fieldManager) =>
        With("fieldManager", fieldManager ?? configuration.FieldManager).With("fieldValidation", configuration.FieldValidation);

    public RequestPath With(string parameter, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            _text.Append(_separator).Append(parameter).Append('=').Append(Uri.EscapeDataString(value));
            _separator = '&';
        }

        return this;
    }

    public RequestPath With(string parameter, long value) => With(parameter, value.ToString(CultureInfo.InvariantCulture));

    public RequestPath With(string parameter, bool value) => With(parameter, value ? "true" : "false");

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
