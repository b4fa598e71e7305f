using System.Text.Json.Nodes;

namespace ModelOperator.Conformance.Tests.Harness;

/// <summary>An open watch, read event by event.</summary>
internal sealed class Watch : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private Watch(HttpResponseMessage response, StreamReader reader)
    {
        _response = response;
        _reader = reader;
    }

    public string? ContentType => _response.Content.Headers.ContentType?.ToString();

    public static async Task<Watch> OpenAsync(HttpClient client, string path, string? accept = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}{(path.Contains('?') ? '&' : '?')}watch=true");
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.That((int)response.StatusCode, Is.EqualTo(200), $"{path} cannot be watched");
        return new Watch(response, new StreamReader(await response.Content.ReadAsStreamAsync()));
    }

    /// <summary>The next event, or null at the end of the watch.</summary>
    public async Task<WatchEvent?> NextAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        var line = await _reader.ReadLineAsync(patience.Token);
        return line is null ? null : Parse(line);
    }

    /// <summary>The next event that is no bookmark.</summary>
    public async Task<WatchEvent> NextChangeAsync()
    {
        while (true)
        {
            var next = await NextAsync() ?? throw new AssertionException("the watch ended");
            if (next.Type != "BOOKMARK")
            {
                return next;
            }
        }
    }

    /// <summary>Every event until the server ends the watch.</summary>
    public async Task<IReadOnlyList<WatchEvent>> ToEndAsync()
    {
        var events = new List<WatchEvent>();
        while (await NextAsync() is { } next)
        {
            events.Add(next);
        }

        return events;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _response.Dispose();
    }

    private static WatchEvent Parse(string line)
    {
        var json = JsonNode.Parse(line)!;
        return new WatchEvent(json["type"]!.GetValue<string>(), json["object"]!);
    }
}
