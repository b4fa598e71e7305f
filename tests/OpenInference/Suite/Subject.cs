using ModelOperator.OpenInference.Grpc;
using ModelOperator.OpenInference.Rest;
using ModelOperator.OpenInference.Tensors;

namespace ModelOperator.OpenInference.Suite;

/// <summary>The server that is asked, and the model that it is asked about.</summary>
/// <param name="Rest">Its REST side.</param>
/// <param name="Grpc">Its gRPC side, if it was given.</param>
/// <param name="Extensions">What it says that it can do beyond the protocol.</param>
/// <param name="Model">The model, as its metadata describes it.</param>
internal sealed record Subject(RestClient Rest, GrpcClient? Grpc, IReadOnlyList<string> Extensions, ModelDescription Model)
{
    /// <exception cref="NotApplicableException">No gRPC address was given.</exception>
    public GrpcClient RequireGrpc() => Grpc ?? throw new NotApplicableException("no gRPC address was given");

    /// <exception cref="NotApplicableException">The server does not claim it.</exception>
    public void RequireExtension(string extension)
    {
        if (!Extensions.Contains(extension))
        {
            throw new NotApplicableException($"the server does not name the extension \"{extension}\"");
        }
    }
}
