namespace ModelOperator.OpenInference.Suite;

/// <summary>A statement of the specification that can be put to a server.</summary>
/// <param name="Id">Area and subject, as <c>rest.infer.id</c>.</param>
/// <param name="Source">The document and section that say so.</param>
/// <param name="Statement">One sentence.</param>
/// <param name="CheckAsync">
/// Returns when the server does so; throws <see cref="NonConformanceException"/> when it does not and
/// <see cref="NotApplicableException"/> when it cannot be asked of this server or model.
/// </param>
internal sealed record ConformanceCase(string Id, string Source, string Statement, Func<Subject, CancellationToken, Task> CheckAsync);
