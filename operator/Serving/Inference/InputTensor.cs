using System.Buffers;
using Microsoft.ML.OnnxRuntime;

namespace ModelOperator.Serving.Inference;

/// <summary>
/// An input's elements, in memory that ONNX Runtime reads in place; for BYTES in ONNX Runtime's own strings.
/// </summary>
internal sealed class InputTensor : IDisposable
{
    private readonly int _length;
    private Memory<byte> _memory;
    private byte[]? _rented;
    private MemoryHandle _pin;
    private OrtValue? _value;

    private InputTensor(DataType type, long[] shape, int elements, Memory<byte> memory, byte[]? rented)
    {
        Type = type;
        Shape = shape;
        Elements = elements;
        _length = memory.Length;
        _memory = memory;
        _rented = rented;
    }

    public DataType Type { get; }

    public long[] Shape { get; }

    public int Elements { get; }

    /// <summary>The elements, little-endian and row-major; empty for BYTES.</summary>
    public Span<byte> Data => _memory.Span;

    /// <summary>As ONNX Runtime takes it; its memory does not move from the first call on.</summary>
    public OrtValue Value => _value ??= CreateValue();

    /// <summary>Elements are whatever the pool left there until <see cref="Data"/> is written.</summary>
    public static InputTensor Create(DataType type, long[] shape, int elements)
    {
        var length = checked(elements * type.Size());
        var rented = type == DataType.Bytes ? null : ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
        return new InputTensor(type, shape, elements, rented.AsMemory(0, length), rented);
    }

    /// <summary>
    /// Reads the elements where they are: no copy. The memory stays the caller's and has to last as long as the tensor.
    /// </summary>
    /// <param name="type">Not BYTES.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="elements">Their product.</param>
    /// <param name="memory">As long as the elements are.</param>
    public static InputTensor Over(DataType type, long[] shape, int elements, Memory<byte> memory) =>
        memory.Length == elements * type.Size() && type != DataType.Bytes
            ? new InputTensor(type, shape, elements, memory, null)
            : throw new ArgumentException($"{elements} elements of {type} are not {memory.Length} bytes long.", nameof(memory));

    public void SetText(int index, ReadOnlySpan<byte> utf8) => Value.StringTensorSetElementAt(utf8, index);

    /// <summary>An element of BYTES.</summary>
    public ReadOnlySpan<byte> Text(int index) => Value.GetStringElementAsSpan(index);

    public void Dispose()
    {
        _value?.Dispose();
        _value = null;
        _pin.Dispose();
        _memory = default;
        if (Interlocked.Exchange(ref _rented, null) is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private unsafe OrtValue CreateValue()
    {
        if (Type == DataType.Bytes)
        {
            return OrtValue.CreateTensorWithEmptyStrings(OrtAllocator.DefaultInstance, Shape);
        }
        _pin = _rented is null ? _memory.Pin() : _rented.AsMemory().Pin();
        return OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, Type.Element(), Shape, (nint)_pin.Pointer, _length);
    }
}
