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

    /// <summary><c>ROUTER_HEADER_TIMEOUT</c>: how long a caller may take to send a request's head.</summary>
    public TimeSpan HeaderTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary><c>ROUTER_MIRROR_CONCURRENCY</c>: how many copies a revision may be busy with; more are skipped.</summary>
    public int MirrorConcurrency { get; init; } = 32;

    /// <summary><c>ROUTER_MIRROR_MEMORY</c>: what copies of requests and answers may hold in all, in bytes; more are skipped.</summary>
    public long MirrorMemoryBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>
    /// <c>ROUTER_TRUSTED_PROXIES</c>: networks, as <c>10.0.0.0/8,fd00::/8</c>, of proxies whose word about who the caller is
    /// counts. Default: none.
    /// </summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary><c>ROUTER_ACCESS_LOG</c>: <c>true</c> writes a line of JSON for every request to standard output.</summary>
    public bool AccessLog { get; init; }

    /// <summary><c>ROUTER_SNAPSHOT</c>: a file for the last known routes, used at the start when the API is away. Default: none.</summary>
    public string? Snapshot { get; init; }

    /// <summary>
    /// <c>ROUTER_HTTP_PORT</c>, <c>ROUTER_GRPC_PORT</c>, <c>ROUTER_METRICS_PORT</c>, <c>ROUTER_HEALTH_PORT</c>; 0 takes a free
    /// one.
    /// </summary>
    public int HttpPort { get; init; } = Ports.RouterHttp;

    public int GrpcPort { get; init; } = Ports.RouterGrpc;

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
        ["--header-timeout"] = "ROUTER_HEADER_TIMEOUT",
        ["--mirror-concurrency"] = "ROUTER_MIRROR_CONCURRENCY",
        ["--mirror-memory"] = "ROUTER_MIRROR_MEMORY",
        ["--trusted-proxies"] = "ROUTER_TRUSTED_PROXIES",
        ["--access-log"] = "ROUTER_ACCESS_LOG",
        ["--snapshot"] = "ROUTER_SNAPSHOT",
        ["--grpc-port"] = "ROUTER_GRPC_PORT",
        ["--http-port"] = "ROUTER_HTTP_PORT",
        ["--metrics-port"] = "ROUTER_METRICS_PORT",
        ["--health-port"] = "ROUTER_HEALTH_PORT",
    };

    /// <summary>Refuses flags that there are not: a setting that is spelled wrong must not be taken for one that is not given.</summary>
    /// <exception cref="FormatException">One is unknown or has no value; the message names it.</exception>
    public static void CheckFlags(IReadOnlyList<string> args)
    {
        for (var i = 0; i < args.Count; i++)
        {
            var name = args[i].Split('=')[0];
            if (!Flags.ContainsKey(name))
            {
                throw new FormatException($"unknown flag {name}; there are {string.Join(", ", Flags.Keys.Order(StringComparer.Ordinal))}.");
            }
            if (!args[i].Contains('=') && ++i == args.Count)
            {
                throw new FormatException($"flag {name} needs a value, as in {name}=VALUE.");
            }
        }
    }

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
            HeaderTimeout = Time("ROUTER_HEADER_TIMEOUT", defaults.HeaderTimeout, TimeSpan.FromMilliseconds(1)),
            MirrorConcurrency = (int)Bytes("ROUTER_MIRROR_CONCURRENCY", defaults.MirrorConcurrency, 10_000, "a number"),
            MirrorMemoryBytes = Bytes("ROUTER_MIRROR_MEMORY", defaults.MirrorMemoryBytes, long.MaxValue),
            TrustedProxies = Networks("ROUTER_TRUSTED_PROXIES"),
            AccessLog = Flag("ROUTER_ACCESS_LOG"),
            Snapshot = configuration["ROUTER_SNAPSHOT"] is { Length: > 0 } file ? file : null,
            GrpcPort = Port("ROUTER_GRPC_PORT", defaults.GrpcPort),
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

        long Bytes(string key, long fallback, long most, string what = "a number of bytes such as 8Mi") => configuration[key] switch
        {
            null or "" => fallback,
            var text when ResourceQuantity.TryParse(text, out var value) && value.Value >= 0 && value.Value <= most => (long)value.Value,
            var text => throw new FormatException($"{key} is \"{text}\": use {what}, at most {most}."),
        };

        bool Flag(string key) => configuration[key] switch
        {
            null or "" or "false" => false,
            "true" => true,
            var text => throw new FormatException($"{key} is \"{text}\": use true or false."),
        };

        IReadOnlyList<IPNetwork> Networks(string key) => configuration[key] is not { Length: > 0 } all ? [] :
        [
            .. all.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(text =>
                IPNetwork.TryParse(text, out var network)
                    ? network
                    : throw new FormatException($"{key} is \"{all}\": use networks such as 10.0.0.0/8, separated by commas.")),
        ];

        int Port(string key, int fallback) => configuration[key] switch
        {
            null or "" => fallback,
            var text when int.TryParse(text, out var value) && value is >= 0 and <= 65535 => value,
            var text => throw new FormatException($"{key} is \"{text}\": use a port number."),
        };
    }
}
