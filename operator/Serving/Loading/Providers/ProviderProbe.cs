using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace ModelOperator.Serving.Loading.Providers;

/// <summary>Whether a provider can be had on this machine, as far as that shows before a model is opened with it.</summary>
internal class ProviderProbe
{
    private const string Driver = "libcuda.so.1";

    /// <returns>Null, or why not, without a full stop.</returns>
    public string? ProblemOf(ExecutionProvider provider)
    {
        if (provider == ExecutionProvider.Cpu)
        {
            return null;
        }
        if (!Built().Contains(provider.NameInOnnxRuntime()))
        {
            return $"this build of ONNX Runtime has no {provider.NameInOnnxRuntime()}";
        }
        return CanLoad(Driver) ? null : $"there is no NVIDIA driver ({Driver} cannot be loaded)";
    }

    /// <summary>What ONNX Runtime was built with.</summary>
    protected virtual IReadOnlyList<string> Built() => OrtEnv.Instance().GetAvailableProviders();

    protected virtual bool CanLoad(string library)
    {
        if (!NativeLibrary.TryLoad(library, out var handle))
        {
            return false;
        }
        NativeLibrary.Free(handle);
        return true;
    }
}
