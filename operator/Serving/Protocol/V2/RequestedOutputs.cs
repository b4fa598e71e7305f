using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>Which outputs are answered, and how.</summary>
internal static class RequestedOutputs
{
    public static int IndexOf(ModelSignature signature, string? name, List<(int Index, bool? Binary)> before)
    {
        if (name is null)
        {
            throw ProtocolException.Invalid("an output has no \"name\"");
        }
        var index = Array.FindIndex(signature.Outputs, output => output.Name == name);
        if (index < 0)
        {
            throw Unexpected(signature, Shown.Of(name));
        }
        return Once(signature, index, before);
    }

    public static int Once(ModelSignature signature, int index, List<(int Index, bool? Binary)> before) =>
        before.Exists(one => one.Index == index)
            ? throw ProtocolException.Invalid($"output '{signature.Outputs[index].Name}' is requested twice")
            : index;

    public static ProtocolException Unexpected(ModelSignature signature, string name) =>
        ProtocolException.Invalid($"unexpected output '{name}'; the model gives {ShapeCheck.Names(signature.Outputs)}");

    /// <param name="signature">What the model gives.</param>
    /// <param name="requested">None: all of them.</param>
    /// <param name="binaryByDefault">For outputs that say nothing themselves.</param>
    public static RequestedOutput[] Resolve(
        ModelSignature signature, List<(int Index, bool? Binary)>? requested, bool binaryByDefault)
    {
        var outputs = new RequestedOutput[requested is { Count: > 0 } ? requested.Count : signature.Outputs.Length];
        for (var i = 0; i < outputs.Length; i++)
        {
            outputs[i] = requested is { Count: > 0 }
                ? new RequestedOutput(requested[i].Index, requested[i].Binary ?? binaryByDefault)
                : new RequestedOutput(i, binaryByDefault);
        }
        foreach (var (index, binary) in outputs)
        {
            var spec = signature.Outputs[index];
            if (!binary && !spec.Type.HasJsonForm())
            {
                throw ProtocolException.Invalid(
                    $"output '{spec.Name}' is {spec.Type.Name()}, which has no JSON form; request it with \"binary_data\": true");
            }
        }
        return outputs;
    }
}
