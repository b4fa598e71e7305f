using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;

namespace ModelOperator.DevCluster;

/// <summary>The /16 that one node hands addresses out of: the node is x.y.0.1, its pods are x.y.1.1 and up.</summary>
internal readonly record struct NodeNetwork(byte First, byte Second)
{
    public const int KubeletPort = 10250;

    /// <summary>The node's own address.</summary>
    public IPAddress NodeAddress => Address(0, 1);

    public IPAddress Address(byte third, byte fourth) => new([First, Second, third, fourth]);

    /// <summary>Reads a range such as <c>10.244.0.0/16</c>.</summary>
    public static bool TryParse(string text, out NodeNetwork network)
    {
        network = default;
        var parts = text.Split('.');
        if (parts.Length != 4 || parts[2] != "0" || parts[3] != "0/16" || !TryParseByte(parts[0], out var first) || !TryParseByte(parts[1], out var second))
        {
            return false;
        }

        network = new NodeNetwork(first.Value, second.Value);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{First}.{Second}.0.0/16";

    private static bool TryParseByte(string text, [NotNullWhen(true)] out byte? value)
    {
        value = byte.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        return value is not null;
    }
}
