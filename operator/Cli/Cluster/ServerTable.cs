using System.Text.Json;

namespace ModelOperator.Cli.Cluster;

/// <summary>Objects as the server prints them: the columns that the CRD defines, and nothing of the objects themselves.</summary>
internal sealed class ServerTable
{
    /// <summary>What asks a server for it.</summary>
    public const string MediaType = "application/json;as=Table;v=v1;g=meta.k8s.io";

    private readonly List<ServerRow> _rows = [];

    public IReadOnlyList<ServerColumn> Columns { get; private set; } = [];

    public IReadOnlyList<ServerRow> Rows => _rows;

    /// <summary>Takes in one page; what the next page is asked for with, or null.</summary>
    /// <exception cref="JsonException">It is no table.</exception>
    public async Task<string?> ReadPageAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var page = await JsonDocument.ParseAsync(stream, cancellationToken: cancellationToken);
        var root = page.RootElement;
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("columnDefinitions", out var columns) || columns.ValueKind != JsonValueKind.Array)
        {
            throw new JsonException("it is not a table");
        }

        Columns = [.. columns.EnumerateArray().Select(column => new ServerColumn(
            column.GetProperty("name").GetString() ?? "",
            column.TryGetProperty("priority", out var priority) && priority.GetInt32() > 0))];
        if (root.TryGetProperty("rows", out var rows) && rows.ValueKind == JsonValueKind.Array)
        {
            _rows.AddRange(rows.EnumerateArray().Select(row => new ServerRow(
                [.. row.GetProperty("cells").EnumerateArray().Select(Text)],
                NamespaceOf(row))));
        }

        return root.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("continue", out var next) && next.GetString() is { Length: > 0 } token
            ? token
            : null;
    }

    private static string? NamespaceOf(JsonElement row) =>
        row.TryGetProperty("object", out var entity) && entity.ValueKind == JsonValueKind.Object
        && entity.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("namespace", out var name)
            ? name.GetString()
            : null;

    private static string Text(JsonElement cell) => cell.ValueKind switch
    {
        JsonValueKind.String => cell.GetString()!,
        JsonValueKind.Null => "",
        _ => cell.GetRawText(),
    };
}
