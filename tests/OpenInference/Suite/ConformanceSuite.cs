using ModelOperator.OpenInference.Cases;

namespace ModelOperator.OpenInference.Suite;

/// <summary>All cases, and putting them to a server one after the other.</summary>
internal static class ConformanceSuite
{
    /// <summary>Longer than any single answer of a conforming server on zeros should take.</summary>
    private static readonly TimeSpan CaseTimeout = TimeSpan.FromSeconds(60);

    public static IReadOnlyList<ConformanceCase> Cases { get; } =
    [
        .. HealthCases.All, .. MetadataCases.All, .. InferenceCases.All, .. OutputCases.All, .. RequestErrorCases.All, .. TensorErrorCases.All,
        .. BinaryCases.All, .. BinaryErrorCases.All, .. RawRequestCases.All, .. GrpcServerCases.All, .. GrpcInferenceCases.All, .. GrpcErrorCases.All,
        .. AgreementCases.All,
    ];

    public static async IAsyncEnumerable<CaseResult> RunAsync(
        Subject subject, IEnumerable<ConformanceCase> cases,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var one in cases)
        {
            yield return await RunAsync(subject, one, cancellationToken);
        }
    }

    private static async Task<CaseResult> RunAsync(Subject subject, ConformanceCase one, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(CaseTimeout);
        try
        {
            await one.CheckAsync(subject, timeout.Token);
            return new CaseResult(one, Verdict.Passed, null);
        }
        catch (NotApplicableException reason)
        {
            return new CaseResult(one, Verdict.NotApplicable, reason.Message);
        }
        catch (NonConformanceException failure)
        {
            return new CaseResult(one, Verdict.Failed, failure.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new CaseResult(one, Verdict.Failed, $"no answer within {CaseTimeout.TotalSeconds} s");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return new CaseResult(one, Verdict.Failed, $"the connection broke: {failure.Message}");
        }
    }
}
