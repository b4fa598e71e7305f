using ModelOperator.Kubernetes.Informers;

namespace ModelOperator.Kubernetes.Client;

/// <summary>An object that the server sent and nobody can use.</summary>
/// <param name="Reason">What is wrong with it, as a word for a label: <c>json</c>, <c>kind</c>, <c>metadata</c> or <c>version</c>.</param>
/// <param name="Detail">What is wrong with it, in words.</param>
/// <param name="Key">Which one it is, when that can be read.</param>
public readonly record struct InvalidObject(string Reason, string Detail, ObjectKey? Key);
