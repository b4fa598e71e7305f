using System.Net;

namespace ModelOperator.Telemetry.Hosting;

/// <summary>The address a program listens on.</summary>
public static class PodAddress
{
    /// <summary>The environment variable that holds it, from the downward API's <c>status.podIP</c>.</summary>
    public const string Variable = "POD_IP";

    /// <summary>Null: all addresses.</summary>
    /// <exception cref="FormatException">The variable is set but no IP address.</exception>
    public static IPAddress? FromEnvironment() => Parse(Environment.GetEnvironmentVariable(Variable));

    internal static IPAddress? Parse(string? value) =>
        string.IsNullOrEmpty(value) ? null
        : IPAddress.TryParse(value, out var address) ? address
        : throw new FormatException($"{Variable} is \"{value}\", which is no IP address: set it from status.podIP or leave it unset.");
}
