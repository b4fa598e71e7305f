using System.Diagnostics;

namespace ModelOperator.Demo.Cluster;

/// <summary>The real kubectl, against one cluster.</summary>
internal sealed class Kubectl(string kubeconfig)
{
    /// <summary>Runs kubectl and gives what it printed.</summary>
    /// <exception cref="KubectlException">It ended with another status than 0.</exception>
    public async Task<string> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var result = await TryRunAsync(cancellationToken, arguments);
        return result.ExitCode == 0 ? result.Output : throw new KubectlException(arguments, result);
    }

    /// <summary>Runs kubectl, whatever its exit code.</summary>
    public async Task<KubectlResult> TryRunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var start = new ProcessStartInfo("kubectl")
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
        using var process = Process.Start(start) ?? throw new InvalidOperationException("kubectl could not be started");
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

        return new KubectlResult(process.ExitCode, await output, await error);
    }
}
