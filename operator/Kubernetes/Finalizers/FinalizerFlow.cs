using System.Text.Json.Nodes;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Finalizers;

/// <summary>
/// The life of finalizers as pure functions of the metadata. Others' finalizers may stand anywhere in the list: ours run
/// wherever they are, in the order they were registered, and never wait for theirs.
/// </summary>
internal static class FinalizerFlow
{
    /// <summary>The next step.</summary>
    /// <param name="metadata">The entity's metadata as it is now.</param>
    /// <param name="ours">The identifiers that are this controller's.</param>
    /// <param name="done">Those of them that have cleaned up.</param>
    public static (FinalizerAction Action, string? Identifier) Next(V1ObjectMeta metadata, IEnumerable<string> ours, IReadOnlySet<string> done)
    {
        var attached = metadata.Finalizers ?? [];
        if (metadata.DeletionTimestamp is null)
        {
            return ours.FirstOrDefault(identifier => !attached.Contains(identifier)) is { } missing
                ? (FinalizerAction.Attach, missing)
                : (FinalizerAction.Nothing, null);
        }

        return ours.FirstOrDefault(attached.Contains) is { } present
            ? (done.Contains(present) ? FinalizerAction.Detach : FinalizerAction.Run, present)
            : (FinalizerAction.Nothing, null);
    }

    /// <summary>The JSON Patch that puts an identifier at the end of the list, provided that the list is still this one.</summary>
    public static JsonArray Attach(V1ObjectMeta metadata, string identifier) => metadata.Finalizers is { Count: > 0 } list
        ? [Test("/metadata/uid", metadata.Uid), Test("/metadata/finalizers", new JsonArray([.. list.Select(text => JsonValue.Create(text))])), Add("/metadata/finalizers/-", identifier)]
        // To test for null is to test that it is absent: what RFC 6902 leaves open, API servers agree on.
        : [Test("/metadata/uid", metadata.Uid), Test("/metadata/finalizers", null), Add("/metadata/finalizers", new JsonArray(identifier))];

    /// <summary>The JSON Patch that takes an identifier out of the list, provided that it still stands where it was seen.</summary>
    public static JsonArray Detach(V1ObjectMeta metadata, string identifier)
    {
        var path = $"/metadata/finalizers/{metadata.Finalizers!.IndexOf(identifier)}";
        return [Test(path, identifier), new JsonObject { ["op"] = "remove", ["path"] = path }];
    }

    private static JsonObject Test(string path, JsonNode? value) => new() { ["op"] = "test", ["path"] = path, ["value"] = value };

    private static JsonObject Add(string path, JsonNode value) => new() { ["op"] = "add", ["path"] = path, ["value"] = value };
}
