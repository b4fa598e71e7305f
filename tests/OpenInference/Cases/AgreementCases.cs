using ModelOperator.OpenInference.Grpc;
using ModelOperator.OpenInference.Rest;
using ModelOperator.OpenInference.Suite;

namespace ModelOperator.OpenInference.Cases;

/// <summary>One server, one model, one answer: whatever form the same request has.</summary>
internal static class AgreementCases
{
    private const string Source = "inference_rest.md and inference_grpc.md, Tensor Data";

    public static IReadOnlyList<ConformanceCase> All { get; } =
    [
        new("agree.rest-typed", Source, "REST with JSON and gRPC with typed contents give the same outputs, bit for bit.", async (subject, token) =>
            Expect.SameTensors(await subject.OutputsAsync(subject.Typed(), token), (await subject.ReferenceAsync(token)).Outputs)),
        new("agree.rest-raw", Source, "REST with JSON and gRPC with raw contents give the same outputs, bit for bit.", async (subject, token) =>
            Expect.SameTensors(await subject.OutputsAsync(subject.Raw(), token), (await subject.ReferenceAsync(token)).Outputs)),
    ];
}
