namespace ModelOperator.EndToEnd.Tests.Chaos;

/// <summary>Something that is done to the system while callers go on.</summary>
/// <param name="Name">In words.</param>
/// <param name="IsCandidateWell">Whether the candidate answers all that it is sent, so that its share can be told from its answers.</param>
internal sealed record Act(string Name, bool IsCandidateWell);
