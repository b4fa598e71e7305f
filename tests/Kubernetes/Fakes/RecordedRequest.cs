namespace ModelOperator.Kubernetes.Tests.Fakes;

/// <summary>A request as the fake API server saw it.</summary>
internal sealed record RecordedRequest(
    string Method, string Path, IReadOnlyDictionary<string, string> Query, IReadOnlyDictionary<string, string> Headers, string Body);
