using System.Collections.Concurrent;
using ModelOperator.Controller.Analysis.Prometheus;

namespace ModelOperator.Controller.Analysis.Queries;

/// <summary>The queries of one look: equal ones are asked once, and not all at the same time.</summary>
internal sealed class LookQueries(PrometheusClient client) : IDisposable
{
    private const int AtATime = 4;

    private readonly ConcurrentDictionary<(Uri Address, string Query, DateTimeOffset At, TimeSpan Timeout), Lazy<Task<PrometheusResult>>> _asked = new();
    private readonly SemaphoreSlim _turns = new(AtATime);

    /// <inheritdoc cref="PrometheusClient.QueryAsync"/>
    public Task<PrometheusResult> AskAsync(Uri address, string query, DateTimeOffset at, TimeSpan timeout, CancellationToken ct) =>
        _asked.GetOrAdd((address, query, at, timeout), key => new(() => QueryAsync(key.Address, key.Query, key.At, key.Timeout, ct))).Value;

    public void Dispose() => _turns.Dispose();

    private async Task<PrometheusResult> QueryAsync(Uri address, string query, DateTimeOffset at, TimeSpan timeout, CancellationToken ct)
    {
        await _turns.WaitAsync(ct);
        try
        {
            return await client.QueryAsync(address, query, at, timeout, ct);
        }
        finally
        {
            _turns.Release();
        }
    }
}
