namespace ModelOperator.Cli.Hosting;

/// <summary>Which version this is.</summary>
internal static class VersionOfProgram
{
    public static string Text => typeof(VersionOfProgram).Assembly.GetName().Version?.ToString(3) ?? "0";
}
