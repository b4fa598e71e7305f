using System.Globalization;
using ModelOperator.Serving.Protocol.V2;

namespace ModelOperator.Serving.Protocol.Grpc;

/// <summary>The <c>grpc-timeout</c> header: at most eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    private const int MaxDigits = 8;

    /// <summary>What a timer can be set to; a caller that waits for longer waits for ever.</summary>
    private static readonly TimeSpan Max = TimeSpan.FromDays(49);

    /// <exception cref="ProtocolException">It is no timeout.</exception>
    public static TimeSpan Parse(string? header)
    {
        if (header is null)
        {
            return Timeout.InfiniteTimeSpan;
        }
        if (header.Length is < 2 or > MaxDigits + 1
            || !long.TryParse(header.AsSpan(0, header.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || TicksOf(header[^1]) is not { } ticks)
        {
            throw ProtocolException.Invalid($"grpc-timeout is \"{Shown.Of(header)}\"; it must be 1 to 8 digits and one of H M S m u n");
        }
        var timeout = TimeSpan.FromTicks((long)Math.Min(count * ticks, Max.Ticks));
        return timeout == Max ? Timeout.InfiniteTimeSpan : timeout;
    }

    private static double? TicksOf(char unit) => unit switch
    {
        'H' => TimeSpan.TicksPerHour,
        'M' => TimeSpan.TicksPerMinute,
        'S' => TimeSpan.TicksPerSecond,
        'm' => TimeSpan.TicksPerMillisecond,
        'u' => TimeSpan.TicksPerMicrosecond,
        'n' => 1.0 / TimeSpan.NanosecondsPerTick,
        _ => null,
    };
}
