using System.Text.Json;
using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>
/// Reads an inference request in one pass: numbers go from the text straight into the tensors. Every check names the
/// tensor, what was expected and what was given.
/// </summary>
internal ref struct InferRequestReader
{
    /// <summary>Deeper JSON is refused; a tensor needs a level per dimension.</summary>
    private const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _text;
    private readonly ModelSignature _signature;
    private readonly InferRequest _request;
    private BinarySection _binary;
    private Utf8JsonReader _json;
    private bool _binaryByDefault;
    private List<(int Index, bool? Binary)>? _outputs;

    private InferRequestReader(ReadOnlySpan<byte> text, ReadOnlyMemory<byte> binary, ModelSignature signature, InferRequest request)
    {
        _text = text;
        _binary = new BinarySection(binary);
        _signature = signature;
        _request = request;
        _json = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <param name="text">The JSON.</param>
    /// <param name="binary">The raw tensors that follow it in the body.</param>
    /// <param name="signature">What the model takes.</param>
    /// <exception cref="ProtocolException">The request does not fit.</exception>
    public static InferRequest Read(ReadOnlySpan<byte> text, ReadOnlyMemory<byte> binary, ModelSignature signature)
    {
        var request = new InferRequest(signature);
        try
        {
            new InferRequestReader(text, binary, signature, request).Read();
            return request;
        }
        catch (JsonException failure)
        {
            request.Dispose();
            throw ProtocolException.Invalid($"the request is no valid JSON: {failure.Message}");
        }
        catch
        {
            request.Dispose();
            throw;
        }
    }

    private void Read()
    {
        if (!_json.Read() || _json.TokenType != JsonTokenType.StartObject)
        {
            throw ProtocolException.Invalid("the request must be a JSON object with \"inputs\"");
        }
        var inputs = false;
        while (JsonValue.NextProperty(ref _json))
        {
            if (JsonValue.Is(ref _json, "id"u8))
            {
                _request.Id = JsonValue.ReadString(ref _json, "\"id\"");
            }
            else if (JsonValue.Is(ref _json, "inputs"u8))
            {
                inputs = inputs ? throw ProtocolException.Invalid("\"inputs\" is given twice") : true;
                ReadInputs();
            }
            else if (JsonValue.Is(ref _json, "outputs"u8))
            {
                ReadOutputs();
            }
            else if (JsonValue.Is(ref _json, "parameters"u8))
            {
                var parameters = TensorParameters.Read(ref _json, "the request");
                _binaryByDefault = parameters.BinaryOutput ?? false;
                _request.Inference.Timeout = parameters.Timeout ?? Timeout.InfiniteTimeSpan;
            }
            else
            {
                JsonValue.SkipProperty(ref _json);
            }
        }
        _json.Read();
        Complete();
    }

    private void Complete()
    {
        ShapeCheck.AllGiven(_signature, _request.Inputs);
        if (_binary.Remaining > 0)
        {
            throw ProtocolException.Invalid($"unexpected additional input data: {_binary.Remaining} bytes follow the last input");
        }
        ShapeCheck.SymbolsAgree(_signature, _request.Inputs);
        _request.Outputs = RequestedOutputs.Resolve(_signature, _outputs, _binaryByDefault);
    }

    private void ReadInputs()
    {
        JsonValue.StartArray(ref _json, "\"inputs\"");
        while (JsonValue.NextElement(ref _json))
        {
            JsonValue.ExpectObject(ref _json, "an element of \"inputs\"");
            ReadInput();
        }
    }

    private void ReadInput()
    {
        var index = -1;
        string? typeName = null;
        long[]? shape = null;
        var parameters = default(TensorParameters);
        var data = default(Range?);
        while (JsonValue.NextProperty(ref _json))
        {
            if (JsonValue.Is(ref _json, "name"u8))
            {
                index = InputIndex();
            }
            else if (JsonValue.Is(ref _json, "datatype"u8))
            {
                typeName = JsonValue.ReadString(ref _json, "\"datatype\" of an input");
            }
            else if (JsonValue.Is(ref _json, "shape"u8))
            {
                shape = JsonValue.ReadShape(ref _json);
            }
            else if (JsonValue.Is(ref _json, "parameters"u8))
            {
                parameters = TensorParameters.Read(ref _json, "an input");
            }
            else if (JsonValue.Is(ref _json, "data"u8))
            {
                _json.Read();
                if (index >= 0 && typeName is not null && shape is not null && data is null && _request.Inputs[index] is null)
                {
                    ReadJsonData(ref _json, (int)_json.TokenStartIndex, index, typeName, shape);
                    data = default(Range);
                    continue;
                }
                var start = (int)_json.TokenStartIndex;
                _json.Skip();
                data = start..(int)_json.BytesConsumed;
            }
            else
            {
                JsonValue.SkipProperty(ref _json);
            }
        }
        FinishInput(index, typeName, shape, parameters, data);
    }

    // Data that came before its name, type and shape were known is read now; raw bytes are taken in the order of the inputs.
    private void FinishInput(int index, string? typeName, long[]? shape, TensorParameters parameters, Range? data)
    {
        if (index < 0)
        {
            throw ProtocolException.Invalid("an input has no \"name\"");
        }
        var spec = _signature.Inputs[index];
        if (typeName is null || shape is null)
        {
            throw ProtocolException.Invalid($"input '{spec.Name}' has no \"{(typeName is null ? "datatype" : "shape")}\"");
        }
        if (parameters.BinarySize is { } size)
        {
            if (data is not null)
            {
                throw ProtocolException.Invalid($"input '{spec.Name}' has both \"data\" and \"binary_data_size\"");
            }
            ShapeCheck.Type(spec, typeName);
            _request.Inputs[index] = _binary.Take(spec, ShapeCheck.Shape(spec, shape), size);
            return;
        }
        if (data is not { } range)
        {
            throw ProtocolException.Invalid($"input '{spec.Name}' has neither \"data\" nor \"binary_data_size\"");
        }
        if (_request.Inputs[index] is null)
        {
            var json = new Utf8JsonReader(_text[range], new JsonReaderOptions { MaxDepth = MaxDepth });
            json.Read();
            ReadJsonData(ref json, range.Start.Value, index, typeName, shape);
        }
    }

    /// <param name="start">Where the data begins in the text.</param>
    private readonly void ReadJsonData(ref Utf8JsonReader json, int start, int index, string typeName, long[] shape)
    {
        var spec = _signature.Inputs[index];
        ShapeCheck.Type(spec, typeName);
        if (!spec.Type.HasJsonForm())
        {
            throw ProtocolException.Invalid(
                $"input '{spec.Name}' is {spec.Type.Name()}, which has no JSON form; send it with the binary tensor data extension");
        }
        ShapeCheck.Shape(spec, shape);
        // Each element takes at least a character and a separator: more of them cannot be in what is left of the text.
        var elements = ShapeCheck.Elements(spec, shape, limit: (_text.Length - start) / 2, "the data is shorter than that");
        var tensor = InputTensor.Create(spec.Type, shape, elements);
        _request.Inputs[index] = tensor;
        JsonTensorData.Read(ref json, spec, elements, tensor);
    }

    private int InputIndex()
    {
        _json.Read();
        if (_json.TokenType != JsonTokenType.String)
        {
            throw ProtocolException.Invalid("\"name\" of an input must be a string");
        }
        var index = _json.ValueIsEscaped
            ? Array.FindIndex(_signature.Inputs, ByName(JsonValue.Text(ref _json)))
            : ModelSignature.IndexOf(_signature.Inputs, _json.ValueSpan);
        if (index < 0)
        {
            throw ProtocolException.Invalid(
                $"unexpected input '{Shown.Of(JsonValue.Text(ref _json))}'; the model takes {ShapeCheck.Names(_signature.Inputs)}");
        }
        return _request.Inputs[index] is null
            ? index
            : throw ProtocolException.Invalid($"input '{_signature.Inputs[index].Name}' is given twice");
    }

    private static Predicate<TensorSpec> ByName(string? name) => tensor => tensor.Name == name;

    private void ReadOutputs()
    {
        _outputs = [];
        JsonValue.StartArray(ref _json, "\"outputs\"");
        while (JsonValue.NextElement(ref _json))
        {
            JsonValue.ExpectObject(ref _json, "an element of \"outputs\"");
            string? name = null;
            bool? binary = null;
            while (JsonValue.NextProperty(ref _json))
            {
                if (JsonValue.Is(ref _json, "name"u8))
                {
                    name = JsonValue.ReadString(ref _json, "\"name\" of an output");
                }
                else if (JsonValue.Is(ref _json, "parameters"u8))
                {
                    binary = TensorParameters.Read(ref _json, "an output").Binary;
                }
                else
                {
                    JsonValue.SkipProperty(ref _json);
                }
            }
            _outputs.Add((RequestedOutputs.IndexOf(_signature, name, _outputs), binary));
        }
    }
}
