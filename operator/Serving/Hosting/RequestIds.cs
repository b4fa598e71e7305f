using System.Security.Cryptography;

namespace ModelOperator.Serving.Hosting;

/// <summary>
/// Ids for requests that came without one: 32 hexadecimal digits, the first half drawn once for this process and the second
/// counted. They are unique without asking the system for random bytes each time; they are no secret.
/// </summary>
internal sealed class RequestIds
{
    private readonly ulong _process = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
    private ulong _count;

    public string Next() => string.Create(32, (_process, Count: Interlocked.Increment(ref _count)), static (text, id) =>
    {
        id._process.TryFormat(text, out _, "x16");
        id.Count.TryFormat(text[16..], out _, "x16");
    });
}
