using ModelOperator.Cli.Hosting;

namespace ModelOperator.Cli.Tests.Harness;

/// <summary>What a command printed and ended with.</summary>
internal sealed record RunResult(int Code, string Output, string Error)
{
    public ExitCode Exit => (ExitCode)Code;

    /// <summary>All of it, as golden files have it.</summary>
    public override string ToString() => $"{Output}{(Error.Length > 0 ? $"--- stderr\n{Error}" : "")}--- exit code {Code}\n";
}
