using ModelOperator.Serving.Hosting;
using ModelOperator.Serving.Inference;
using ModelOperator.Serving.Loading;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>What this server says of itself, and the one model that it has.</summary>
internal static class Served
{
    public const string ServerName = "modelserver";

    /// <summary>Triton's name for the format, which clients compare with.</summary>
    public const string Platform = "onnxruntime_onnx";

    public static readonly string ServerVersion = typeof(Served).Assembly.GetName().Version?.ToString(3) ?? "0";

    public static string[] Extensions(ServingSettings settings) =>
        settings.ModelControl ? ["binary_tensor_data", "model_repository"] : ["binary_tensor_data"];

    /// <param name="served">What is here.</param>
    /// <param name="model">What is asked for.</param>
    /// <param name="version">Null or empty: whichever is served.</param>
    /// <exception cref="ProtocolException">It is another model or version.</exception>
    public static void Check(ModelIdentity served, string? model, string? version)
    {
        if (model != served.Name)
        {
            throw ProtocolException.NotFound($"model '{Shown.Of(model)}' is not found; '{served.Name}' is served here");
        }
        if (!string.IsNullOrEmpty(version) && version != served.Version)
        {
            throw ProtocolException.NotFound($"version '{Shown.Of(version)}' of model '{served.Name}' is not found; '{served.Version}' is served here");
        }
    }

    /// <exception cref="ProtocolException">The model is not loaded.</exception>
    public static EngineLease Rent(ModelIdentity served, ModelSlot slot) => slot.Rent() ?? throw NotReady(served, slot);

    /// <exception cref="ProtocolException">The model is not loaded.</exception>
    public static ModelSignature Signature(ModelIdentity served, ModelSlot slot) => slot.Model?.Signature ?? throw NotReady(served, slot);

    private static ProtocolException NotReady(ModelIdentity served, ModelSlot slot) =>
        ProtocolException.NotReady($"model '{served.Name}' is not ready: {slot.Problem ?? "it is being replaced"}");
}
