using System.Diagnostics;

namespace ModelOperator.Serving.Tests.Programs;

/// <summary>Runs a program to its end.</summary>
internal static class BuiltProgram
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>A program of this repository, as built with these tests.</summary>
    public static string Path(string project, string program)
    {
        // artifacts/bin/PROJECT/CONFIGURATION/
        var here = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
        return System.IO.Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, program);
    }

    public static async Task<(int ExitCode, string Output, string Error)> RunAsync(string program, params string[] arguments)
    {
        using var timeout = new CancellationTokenSource(Patience);
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync(timeout.Token);
        var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
        await process.WaitForExitAsync(timeout.Token);
        return (process.ExitCode, output, await error);
    }
}
