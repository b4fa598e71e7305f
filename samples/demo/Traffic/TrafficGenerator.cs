namespace ModelOperator.Demo.Traffic;

/// <summary>
/// Callers that never stop: an open loop that sends held-out digits at a fixed rate, whether or not earlier
/// requests have been answered, and keeps every answer.
/// </summary>
internal sealed class TrafficGenerator : IAsyncDisposable
{
    private readonly ModelClient _client;
    private readonly IReadOnlyList<HeldOutDigits.Digit> _digits;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<Answer> _answers = [];
    private readonly HashSet<Task> _inFlight = [];
    private readonly Task _loop;

    public TrafficGenerator(ModelClient client, HeldOutDigits digits, int requestsPerSecond, TimeProvider time)
    {
        _client = client;
        _digits = digits.Digits;
        _time = time;
        _interval = TimeSpan.FromSeconds(1.0 / requestsPerSecond);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Answers so far; a place in the sequence to count from.</summary>
    public int Mark
    {
        get
        {
            lock (_lock)
            {
                return _answers.Count;
            }
        }
    }

    /// <summary>The answers since a mark.</summary>
    public IReadOnlyList<Answer> Since(int mark)
    {
        lock (_lock)
        {
            return _answers[mark..];
        }
    }

    /// <summary>Stops sending and waits for the requests under way, which still count.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_loop.IsCompleted)
        {
            return;
        }

        await _stop.CancelAsync();
        await _loop;
        Task[] open;
        lock (_lock)
        {
            open = [.. _inFlight];
        }

        await Task.WhenAll(open);
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        var started = _time.GetTimestamp();
        for (var i = 0; ; i++)
        {
            var wait = (_interval * i) - _time.GetElapsedTime(started);
            try
            {
                if (wait > TimeSpan.Zero)
                {
                    await Task.Delay(wait, _time, _stop.Token);
                }

                _stop.Token.ThrowIfCancellationRequested();
            }
            catch (OperationCanceledException)
            {
                return;
            }

            Send(_digits[i % _digits.Count]);
        }
    }

    private void Send(HeldOutDigits.Digit digit)
    {
        var request = AskAsync(digit);
        lock (_lock)
        {
            _inFlight.Add(request);
        }

        request.ContinueWith(
            done =>
            {
                lock (_lock)
                {
                    _inFlight.Remove(done);
                }
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private async Task AskAsync(HeldOutDigits.Digit digit)
    {
        var answer = await _client.AskAsync(digit, CancellationToken.None);
        lock (_lock)
        {
            _answers.Add(answer);
        }
    }
}
