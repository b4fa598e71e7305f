namespace ModelOperator.Cli.Hosting;

/// <summary>Ends the program with a sentence for its user.</summary>
internal sealed class CliException(ExitCode code, string message) : Exception(message)
{
    public ExitCode Code { get; } = code;
}
