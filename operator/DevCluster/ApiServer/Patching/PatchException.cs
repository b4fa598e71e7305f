namespace ModelOperator.DevCluster.ApiServer.Patching;

/// <summary>A patch that cannot be applied.</summary>
internal sealed class PatchException(string message, bool testFailed = false) : Exception(message)
{
    /// <summary>A <c>test</c> operation found another value.</summary>
    public bool TestFailed { get; } = testFailed;
}
