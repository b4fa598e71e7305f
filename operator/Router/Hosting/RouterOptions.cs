using System.Net;
using ModelOperator.Api.Conventions;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Router.Hosting;

/// <summary>What can be set. Every setting is an environment variable, and a flag of the name in lower case without <c>ROUTER_</c>.</summary>
internal sealed record RouterOptions
{
    /// <summary><c>ROUTER_NAMESPACE</c>: follow the routes of this namespace only. Default: all.</summary>
    public string? Namespace { get; init; }

    /// <summary><c>ROUTER_DRAIN</c>: how long to go on serving after SIGTERM, until everybody has noticed.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// <c>ROUTER_TIMEOUT</c>: how long a caller waits for an answer to begin, over all attempts; then, how long it may pause.
    /// The time a caller takes to send its body does not count.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary><c>ROUTER_CANDIDATE_TIMEOUT</c>: the part of it that a candidate may take while stable could answer instead.</summary>
    public TimeSpan CandidateTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>ROUTER_CONNECT_TIMEOUT</c>: how long connecting to a pod may take.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary><c>ROUTER_MAX_BODY</c>: the largest body, in bytes; more is answered with 413.</summary>
    public long MaxBodyBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary><c>ROUTER_REPLAY_BODY</c>: the largest body that is kept to be sent again; a request with more is sent once.</summary>
    public int ReplayBodyBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary><c>ROUTER_HELD_ANSWER</c>: the largest answer of a candidate that is kept until it is complete.</summary>
    public int HeldAnswerBytes { get; init; } = 1024 * 1024;

    /// <summary><c>ROUTER_HTTP_PORT</c>, <c>ROUTER_METRICS_PORT</c>, <c>ROUTER_HEALTH_PORT</c>; 0 takes a free one.</summary>
    public int HttpPort { get; init; } = Ports.RouterHttp;

    public int MetricsPort { get; init; } = Ports.RouterMetrics;

    public int HealthPort { get; init; } = Ports.RouterHealth;

    /// <summary>Where to listen; null: <c>POD_IP</c>, else all addresses.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>The flags.</summary>
    public static Dictionary<string, string> Flags { get; } = new(StringComparer.Ordinal)
    {
        ["--namespace"] = "ROUTER_NAMESPACE",
        ["--drain"] = "ROUTER_DRAIN",
        ["--timeout"] = "ROUTER_TIMEOUT",
        ["--candidate-timeout"] = "ROUTER_CANDIDATE_TIMEOUT",
        ["--connect-timeout"] = "ROUTER_CONNECT_TIMEOUT",
        ["--max-body"] = "ROUTER_MAX_BODY",
        ["--replay-body"] = "ROUTER_REPLAY_BODY",
        ["--held-answer"] = "ROUTER_HELD_ANSWER",
        ["--http-port"] = "ROUTER_HTTP_PORT",
        ["--metrics-port"] = "ROUTER_METRICS_PORT",
        ["--health-port"] = "ROUTER_HEALTH_PORT",
    };

    /// <summary>Reads the settings.</summary>
    /// <exception cref="FormatException">One is malformed or does not fit the others; the message names it.</exception>
    public static RouterOptions From(IConfiguration configuration)
    {
        var defaults = new RouterOptions();
        var options = new RouterOptions
        {
            Namespace = configuration["ROUTER_NAMESPACE"] is { Length: > 0 } name ? name : null,
            Drain = Time("ROUTER_DRAIN", defaults.Drain, TimeSpan.Zero),
            Timeout = Time("ROUTER_TIMEOUT", defaults.Timeout, TimeSpan.FromMilliseconds(1)),
            CandidateTimeout = Time("ROUTER_CANDIDATE_TIMEOUT", defaults.CandidateTimeout, TimeSpan.FromMilliseconds(1)),
            ConnectTimeout = Time("ROUTER_CONNECT_TIMEOUT", defaults.ConnectTimeout, TimeSpan.FromMilliseconds(1)),
            MaxBodyBytes = Bytes("ROUTER_MAX_BODY", defaults.MaxBodyBytes, long.MaxValue),
            // Kept in one array.
            ReplayBodyBytes = (int)Bytes("ROUTER_REPLAY_BODY", defaults.ReplayBodyBytes, 1 << 30),
            HeldAnswerBytes = (int)Bytes("ROUTER_HELD_ANSWER", defaults.HeldAnswerBytes, 1 << 30),
            HttpPort = Port("ROUTER_HTTP_PORT", defaults.HttpPort),
            MetricsPort = Port("ROUTER_METRICS_PORT", defaults.MetricsPort),
            HealthPort = Port("ROUTER_HEALTH_PORT", defaults.HealthPort),
        };
        return options;

        TimeSpan Time(string key, TimeSpan fallback, TimeSpan least) => configuration[key] switch
        {
            null or "" => fallback,
            var text when Duration.TryParse(text, out var value) && value >= least && value < TimeSpan.FromDays(1) => value,
            var text => throw new FormatException($"{key} is \"{text}\": use a duration such as 30s or 500ms, at most a day."),
        };

        long Bytes(string key, long fallback, long most) => configuration[key] switch
        {
            null or "" => fallback,
            var text when ResourceQuantity.TryParse(text, out var value) && value.Value >= 0 && value.Value <= most => (long)value.Value,
            var text => throw new FormatException($"{key} is \"{text}\": use a number of bytes such as 8Mi, at most {most}."),
        };

        int Port(string key, int fallback) => configuration[key] switch
        {
            null or "" => fallback,
            var text when int.TryParse(text, out var value) && value is >= 0 and <= 65535 => value,
            var text => throw new FormatException($"{key} is \"{text}\": use a port number."),
        };
    }
}
