using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.Tests.ApiServer;

/// <summary>An open watch, read event by event.</summary>
internal sealed class Watch : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private Watch(HttpResponseMessage response, StreamReader reader)
    {
        _response = response;
        _reader = reader;
    }

    public static async Task<Watch> StartAsync(HttpClient client, string path)
    {
        var separator = path.Contains('?') ? '&' : '?';
        var response = await client.GetAsync($"{path}{separator}watch=true", HttpCompletionOption.ResponseHeadersRead);
        return new Watch(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event as <c>TYPE name</c> with its object, or null at the end of the watch.</summary>
    public async Task<(string Type, JsonNode Object)?> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var line = await _reader.ReadLineAsync(patience.Token);
        if (line is null)
        {
            return null;
        }

        var json = JsonNode.Parse(line)!;
        return (json["type"]!.GetValue<string>(), json["object"]!);
    }

    public async Task<string> NextLineAsync()
    {
        var next = await NextAsync();
        return next is { } found ? $"{found.Type} {found.Object["metadata"]?["name"]}".Trim() : "END";
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }
}
