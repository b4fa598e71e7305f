namespace ModelOperator.Conformance.Tests.Harness;

/// <summary>What a program printed and how it ended.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Error);
