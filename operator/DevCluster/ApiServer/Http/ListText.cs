using System.Text;
using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Resources;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer.Http;

/// <summary>A list as JSON, put together from the bytes that its objects are stored as.</summary>
internal static class ListText
{
    public static byte[] Utf8(ResourceKind kind, IReadOnlyList<StoredObject> items, JsonObject metadata)
    {
        var head = JsonText.Utf8(new JsonObject { ["kind"] = kind.ListKind, ["apiVersion"] = kind.ApiVersion, ["metadata"] = metadata.DeepClone() });
        var prefix = Encoding.UTF8.GetBytes($"{{\"kind\":\"{kind.Kind}\",\"apiVersion\":\"{kind.ApiVersion}\",");
        using var buffer = new MemoryStream();
        buffer.Write(head.AsSpan()[..^1]);
        buffer.Write(",\"items\":["u8);
        for (var i = 0; i < items.Count; i++)
        {
            if (i > 0)
            {
                buffer.WriteByte((byte)',');
            }

            WriteItem(buffer, ObjectView.Utf8(items[i], kind), kind, prefix);
        }

        buffer.Write("]}"u8);
        return buffer.ToArray();
    }

    // The items of built-in lists do not repeat what kind they are.
    private static void WriteItem(MemoryStream buffer, ReadOnlySpan<byte> item, ResourceKind kind, ReadOnlySpan<byte> prefix)
    {
        if (!kind.Custom && item.StartsWith(prefix))
        {
            buffer.WriteByte((byte)'{');
            item = item[prefix.Length..];
        }

        buffer.Write(item);
    }
}
