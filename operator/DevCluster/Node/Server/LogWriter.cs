using System.Globalization;
using System.Text;
using ModelOperator.DevCluster.Node.Containers;

namespace ModelOperator.DevCluster.Node.Server;

/// <summary>Passes a log on, with times before its lines and no further than a limit where that is asked for.</summary>
internal sealed class LogWriter(Stream to, LogClock? times, long? limitBytes, TimeProvider time)
{
    private bool _isLineStart = true;
    private long _left = limitBytes ?? long.MaxValue;

    /// <summary>Whether the limit is reached.</summary>
    public bool IsFull => _left <= 0;

    /// <summary>Writes what stands in the log at an offset.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> text, long offset, CancellationToken cancellationToken)
    {
        if (times is null)
        {
            await PutAsync(text, cancellationToken);
            return;
        }

        while (!text.IsEmpty && !IsFull)
        {
            if (_isLineStart)
            {
                var at = times.TimeOf(offset, time.GetUtcNow()).UtcDateTime;
                await PutAsync(Encoding.ASCII.GetBytes(at.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z '", CultureInfo.InvariantCulture)), cancellationToken);
            }

            var end = text.Span.IndexOf((byte)'\n');
            var length = end < 0 ? text.Length : end + 1;
            await PutAsync(text[..length], cancellationToken);
            _isLineStart = end >= 0;
            text = text[length..];
            offset += length;
        }
    }

    private async Task PutAsync(ReadOnlyMemory<byte> text, CancellationToken cancellationToken)
    {
        var length = (int)Math.Min(_left, text.Length);
        await to.WriteAsync(text[..length], cancellationToken);
        _left -= length;
    }
}
