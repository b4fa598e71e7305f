using System.Globalization;
using System.Text;

namespace ModelOperator.Serving.Loading.OnnxFiles;

/// <summary>
/// Lists the tensors of an ONNX model without loading it (onnx.proto3: initializers, sparse ones and attributes, of the graph,
/// of graphs within it and of functions).
/// </summary>
internal static class OnnxFileReader
{
    /// <summary>Graphs within graphs within graphs: loops and branches of real models nest a few deep.</summary>
    private const int MaxDepth = 32;

    private const int ExternalLocation = 1;

    /// <exception cref="InvalidDataException">It is no ONNX model, or cut short; the message says where it goes wrong.</exception>
    public static List<OnnxTensor> Tensors(ReadOnlySpan<byte> file)
    {
        var tensors = new List<OnnxTensor>();
        var graph = false;
        var model = new ProtobufFields(file);
        while (model.Next())
        {
            switch (model.Number)
            {
                case 7 when !model.IsNumber:
                    graph = true;
                    ReadGraph(model.Bytes, tensors, 0);
                    break;
                case 25 when !model.IsNumber:
                    ReadFunction(model.Bytes, tensors);
                    break;
            }
        }
        return graph ? tensors : throw new InvalidDataException("it has no graph");
    }

    private static void ReadFunction(ReadOnlySpan<byte> message, List<OnnxTensor> tensors)
    {
        var function = new ProtobufFields(message);
        while (function.Next())
        {
            if (function is { Number: 7, IsNumber: false })
            {
                ReadNode(function.Bytes, tensors, 0);
            }
            else if (function is { Number: 11, IsNumber: false })
            {
                ReadAttribute(function.Bytes, tensors, 0);
            }
        }
    }

    private static void ReadGraph(ReadOnlySpan<byte> message, List<OnnxTensor> tensors, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new InvalidDataException($"its graphs are nested more than {MaxDepth} deep");
        }
        var graph = new ProtobufFields(message);
        while (graph.Next())
        {
            switch (graph.Number)
            {
                case 1 when !graph.IsNumber:
                    ReadNode(graph.Bytes, tensors, depth);
                    break;
                case 5 when !graph.IsNumber:
                    tensors.Add(ReadTensor(graph.Bytes));
                    break;
                case 15 when !graph.IsNumber:
                    ReadSparse(graph.Bytes, tensors);
                    break;
            }
        }
    }

    private static void ReadNode(ReadOnlySpan<byte> message, List<OnnxTensor> tensors, int depth)
    {
        var node = new ProtobufFields(message);
        while (node.Next())
        {
            if (node is { Number: 5, IsNumber: false })
            {
                ReadAttribute(node.Bytes, tensors, depth);
            }
        }
    }

    private static void ReadAttribute(ReadOnlySpan<byte> message, List<OnnxTensor> tensors, int depth)
    {
        var attribute = new ProtobufFields(message);
        while (attribute.Next())
        {
            switch (attribute.Number)
            {
                case 5 or 10 when !attribute.IsNumber:
                    tensors.Add(ReadTensor(attribute.Bytes));
                    break;
                case 6 or 11 when !attribute.IsNumber:
                    ReadGraph(attribute.Bytes, tensors, depth + 1);
                    break;
                case 22 or 23 when !attribute.IsNumber:
                    ReadSparse(attribute.Bytes, tensors);
                    break;
            }
        }
    }

    // ONNX Runtime makes it dense: what counts is the size that it has then, and its file cannot vouch for that.
    private static void ReadSparse(ReadOnlySpan<byte> message, List<OnnxTensor> tensors)
    {
        var sparse = new ProtobufFields(message);
        var shape = new List<long>();
        var stored = 0L;
        while (sparse.Next())
        {
            switch (sparse.Number)
            {
                case 1 or 2 when !sparse.IsNumber:
                    var part = ReadTensor(sparse.Bytes);
                    stored += part.Stored;
                    tensors.Add(part);
                    break;
                case 3:
                    sparse.AddTo(shape);
                    break;
            }
        }
        tensors.Add(new OnnxTensor("(sparse)", shape, Math.Max(stored, OnnxFileCheck.MaxSparseElements), null));
    }

    private static OnnxTensor ReadTensor(ReadOnlySpan<byte> message)
    {
        var tensor = new ProtobufFields(message);
        var shape = new List<long>();
        var (name, stored, isExternal) = ("", 0L, false);
        var (location, offset, length) = ("", 0L, (long?)null);
        while (tensor.Next())
        {
            switch (tensor.Number)
            {
                case 1:
                    tensor.AddTo(shape);
                    break;
                case 8 when !tensor.IsNumber:
                    name = Encoding.UTF8.GetString(tensor.Bytes);
                    break;
                case 4 or 5 or 6 or 7 or 9 or 10 or 11:
                    // Strings of no length take no byte, and a number that is not packed takes one at least.
                    stored += Math.Max(tensor.Bytes.Length, 1);
                    break;
                case 13 when !tensor.IsNumber:
                    var (key, value) = ReadEntry(tensor.Bytes);
                    switch (key)
                    {
                        case "location":
                            location = value;
                            break;
                        case "offset":
                            offset = Number(key, value);
                            break;
                        case "length":
                            length = Number(key, value);
                            break;
                    }
                    break;
                case 14 when tensor.IsNumber:
                    isExternal = tensor.Value == ExternalLocation;
                    break;
            }
        }
        return new OnnxTensor(name, shape, stored, isExternal ? new ExternalData(location, offset, length) : null);
    }

    private static (string Key, string Value) ReadEntry(ReadOnlySpan<byte> message)
    {
        var entry = new ProtobufFields(message);
        var (key, value) = ("", "");
        while (entry.Next())
        {
            if (entry is { Number: 1, IsNumber: false })
            {
                key = Encoding.UTF8.GetString(entry.Bytes);
            }
            else if (entry is { Number: 2, IsNumber: false })
            {
                value = Encoding.UTF8.GetString(entry.Bytes);
            }
        }
        return (key, value);
    }

    private static long Number(string key, string value) =>
        long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new InvalidDataException($"its external data has \"{value}\" as {key}");
}
