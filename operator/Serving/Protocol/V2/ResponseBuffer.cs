using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>
/// A whole answer, kept for reuse. The answer is complete before its first byte is sent, so that its length is known
/// and a failure is still an error status.
/// </summary>
internal sealed class ResponseBuffer : IResettable, IDisposable
{
    private const int MaxKeptBytes = 1 << 20;

    public ResponseBuffer()
    {
        Bytes = new ArrayBufferWriter<byte>(4096);
        Json = new Utf8JsonWriter(Bytes, new JsonWriterOptions
        {
            SkipValidation = true,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
    }

    public ArrayBufferWriter<byte> Bytes { get; private set; }

    public Utf8JsonWriter Json { get; }

    public bool TryReset()
    {
        if (Bytes.Capacity > MaxKeptBytes)
        {
            Bytes = new ArrayBufferWriter<byte>(4096);
        }
        Bytes.ResetWrittenCount();
        Json.Reset(Bytes);
        return true;
    }

    public void Dispose() => Json.Dispose();
}
