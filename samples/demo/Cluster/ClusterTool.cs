using System.Diagnostics;

namespace ModelOperator.Demo.Cluster;

/// <summary>A real client, against one cluster.</summary>
/// <param name="program">Its program, such as <c>kubectl</c>.</param>
/// <param name="kubeconfig">The cluster.</param>
internal class ClusterTool(string program, string kubeconfig)
{
    /// <summary>Runs it and gives what it printed.</summary>
    /// <exception cref="ToolException">It ended with another status than 0.</exception>
    public async Task<string> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var result = await TryRunAsync(cancellationToken, arguments);
        return result.ExitCode == 0 ? result.Output : throw new ToolException(program, arguments, result);
    }

    /// <summary>Runs it, whatever its exit code.</summary>
    public async Task<ToolResult> TryRunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["KUBECONFIG"] = kubeconfig;
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} could not be started");
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        try
        {
            await process.WaitForExitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new ToolResult(process.ExitCode, await output, await error);
    }
}
