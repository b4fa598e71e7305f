using System.Text.Json.Nodes;
using ModelOperator.OpenInference.Suite;
using ModelOperator.OpenInference.Tensors;

namespace ModelOperator.OpenInference.Rest;

/// <summary>Requests on zeros, for cases to send as they are or to spoil.</summary>
internal static class Requests
{
    public static string Path(this Subject subject, string? version = null) =>
        $"v2/models/{Uri.EscapeDataString(subject.Model.Name)}" + (version is null ? "" : $"/versions/{Uri.EscapeDataString(version)}");

    public static string InferPath(this Subject subject, string? version = null) => subject.Path(version) + "/infer";

    /// <summary>A version that can be named in paths.</summary>
    /// <exception cref="NotApplicableException">The metadata list none.</exception>
    public static string RequireVersion(this Subject subject) =>
        subject.Model.Versions.FirstOrDefault() ?? throw new NotApplicableException("the model's metadata list no versions");

    /// <summary>An input for each of the model's, of zeros.</summary>
    public static Tensor[] Zeros(this Subject subject) => [.. subject.Model.Inputs.Select(input => input.Zeros())];

    /// <summary>The request with flat data in JSON.</summary>
    /// <exception cref="NotApplicableException">A tensor of the model has no JSON form.</exception>
    public static JsonObject Json(this Subject subject)
    {
        subject.RequireJson();
        return Request(subject.Zeros().Select(TensorJson.Input));
    }

    public static JsonObject Request(IEnumerable<JsonNode> inputs) => new() { ["inputs"] = new JsonArray([.. inputs]) };

    /// <summary>The outputs to ask for, as <c>{"name": ...}</c>.</summary>
    public static JsonArray Outputs(IEnumerable<string> names) => [.. names.Select(name => new JsonObject { ["name"] = name })];

    public static void RequireJson(this Subject subject)
    {
        if (subject.Model.Inputs.Concat(subject.Model.Outputs).FirstOrDefault(tensor => !Datatypes.HasJsonForm(tensor.Datatype)) is { } tensor)
        {
            throw new NotApplicableException($"'{tensor.Name}' is {tensor.Datatype}, which has no JSON form");
        }
    }

    /// <summary>What the model answers to zeros, asked in JSON.</summary>
    public static async Task<InferAnswer> ReferenceAsync(this Subject subject, CancellationToken cancellationToken) =>
        await subject.InferAsync(subject.Json(), cancellationToken);

    public static async Task<InferAnswer> InferAsync(this Subject subject, JsonNode request, CancellationToken cancellationToken) =>
        InferAnswer.Of(await subject.Rest.PostAsync(subject.InferPath(), request, cancellationToken));
}
