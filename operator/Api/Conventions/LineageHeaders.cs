namespace ModelOperator.Api.Conventions;

/// <summary>Headers that every answer of a model carries: which version, of which bytes, gave it.</summary>
public static class LineageHeaders
{
    public const string Revision = "x-model-revision";
    public const string Version = "x-model-version";
    public const string Digest = "x-model-digest";
    public const string RequestId = "x-request-id";
}
