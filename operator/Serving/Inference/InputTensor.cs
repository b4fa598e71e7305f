using System.Buffers;
using Microsoft.ML.OnnxRuntime;

namespace ModelOperator.Serving.Inference;

/// <summary>
/// An input's elements, in pooled memory that ONNX Runtime reads in place; for BYTES in ONNX Runtime's own strings.
/// </summary>
internal sealed class InputTensor : IDisposable
{
    private byte[]? _buffer;
    private MemoryHandle _pin;

    private InputTensor(OrtValue value, long[] shape, byte[]? buffer, int length, MemoryHandle pin)
    {
        Value = value;
        Shape = shape;
        Length = length;
        _buffer = buffer;
        _pin = pin;
    }

    public OrtValue Value { get; }

    public long[] Shape { get; }

    /// <summary>Bytes in <see cref="Data"/>.</summary>
    public int Length { get; }

    /// <summary>The elements, little-endian and row-major; empty for BYTES.</summary>
    public Span<byte> Data => _buffer.AsSpan(0, Length);

    /// <summary>Elements are whatever the pool left there until <see cref="Data"/> is written.</summary>
    public static unsafe InputTensor Create(DataType type, long[] shape, int elements)
    {
        if (type == DataType.Bytes)
        {
            return new InputTensor(OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, shape), shape, null, 0, default);
        }
        var length = checked(elements * type.Size());
        var buffer = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
        var pin = buffer.AsMemory().Pin();
        try
        {
            var value = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance, type.Element(), shape, (nint)pin.Pointer, length);
            return new InputTensor(value, shape, buffer, length, pin);
        }
        catch
        {
            pin.Dispose();
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    public void Dispose()
    {
        Value.Dispose();
        _pin.Dispose();
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
