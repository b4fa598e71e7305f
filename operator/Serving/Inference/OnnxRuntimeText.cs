using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;

namespace ModelOperator.Serving.Inference;

/// <summary>ONNX Runtime's error text as a sentence for users: one line, without its code and source positions.</summary>
internal static partial class OnnxRuntimeText
{
    private const int MaxLength = 500;

    public static string Of(OnnxRuntimeException failure)
    {
        var text = Noise().Replace(failure.Message, "");
        text = Space().Replace(text, " ").Trim().TrimEnd('.');
        return text.Length > MaxLength ? text[..MaxLength] + "..." : text;
    }

    // "[ErrorCode:Fail] ", "/onnxruntime_src/onnxruntime/core/file.cc:123 ", "onnxruntime::common::Status onnxruntime::X::Compute(...) const "
    [GeneratedRegex(@"^\[ErrorCode:\w+\]\s*|/\S+\.(cc|h|cpp):\d+\s+|onnxruntime::common::Status\s+[^)]*\)\s*(const\s+)?(\[with [^\]]*\]\s*)?")]
    private static partial Regex Noise();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
