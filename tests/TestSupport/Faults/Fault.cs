using Microsoft.AspNetCore.Http;

namespace ModelOperator.TestSupport.Faults;

/// <summary>Something that goes wrong in an answer of an API server.</summary>
/// <param name="Name">For messages, for example <c>reset</c>.</param>
/// <param name="ApplyAsync">Does it to an answer, begun or not; true when the sound answer may follow it.</param>
public sealed record Fault(string Name, Func<HttpContext, Task<bool>> ApplyAsync)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}
