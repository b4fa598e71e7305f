using System.Diagnostics;

namespace ModelOperator.Conformance.Tests.Harness;

/// <summary>A real client that <c>make setup</c> has put into .deps/bin, run against the cluster in one namespace.</summary>
internal sealed class ClientProgram(string name, string home)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs the program to its end.</summary>
    /// <param name="input">What it reads from its standard input.</param>
    /// <param name="arguments">Its arguments.</param>
    public async Task<ProgramResult> TryRunAsync(string? input, params string[] arguments)
    {
        using var process = Start(arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
        }

        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new AssertionException($"{name} {string.Join(' ', arguments)} did not end");
        }

        return new ProgramResult(process.ExitCode, await output, await error);
    }

    /// <summary>Runs the program, which must succeed, and gives what it printed.</summary>
    public async Task<string> RunAsync(string? input, params string[] arguments)
    {
        var result = await TryRunAsync(input, arguments);
        Assert.That(result.ExitCode, Is.Zero, $"{name} {string.Join(' ', arguments)}: {result}");
        return result.Output;
    }

    /// <summary>Starts the program and leaves it running.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo(TestedCluster.Repository.PathOf(".deps", "bin", name), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KUBECONFIG"] = TestedCluster.Kubeconfig;
        start.Environment["HOME"] = home;
        return Process.Start(start)!;
    }
}
