using System.ComponentModel;
using System.Diagnostics;
using System.Text.RegularExpressions;

namespace ModelOperator.Kubernetes.Client.Authentication;

/// <summary>Runs a credential plug-in and takes what it writes.</summary>
internal sealed partial class ExecProcess(ExecCredentialPlugin plugin, TimeProvider timeProvider)
{
    private const int MaxOutputBytes = 1024 * 1024;
    private static readonly TimeSpan HintInterval = TimeSpan.FromHours(1);

    private DateTimeOffset? _hintedAt;

    /// <exception cref="CredentialsException">It could not be started, failed, wrote too much or took too long.</exception>
    public async Task<byte[]> RunAsync(string execInfo, bool isInteractive, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(plugin.Timeout, timeProvider);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var process = Start(execInfo, isInteractive);
        try
        {
            if (!isInteractive)
            {
                process.StandardInput.Close();
            }

            var output = await ReadAsync(process.StandardOutput.BaseStream, stop.Token);
            await process.WaitForExitAsync(stop.Token);
            return process.ExitCode == 0 ? output : throw Fault($"ended with exit code {process.ExitCode}");
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw Fault($"took longer than {plugin.Timeout.TotalSeconds:0} s and was killed");
        }
        finally
        {
            Kill(process);
        }
    }

    [GeneratedRegex(@"\u001b(\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(\u0007|\u001b\\)?|.)?")]
    private static partial Regex TerminalSequences();

    // Process.Start would look into the current directory before PATH.
    private static string? Find(string command) =>
        command.Contains(Path.DirectorySeparatorChar)
            ? File.Exists(command) ? command : null
            : (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
                .Where(Path.IsPathRooted)
                .Select(directory => Path.Combine(directory, command))
                .FirstOrDefault(File.Exists);

    private static void Kill(Process process)
    {
        try
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
        catch (InvalidOperationException)
        {
            // It ended in between.
        }
    }

    private async Task<byte[]> ReadAsync(Stream output, CancellationToken cancellationToken)
    {
        using var text = new MemoryStream();
        var buffer = new byte[4096];
        while (await output.ReadAsync(buffer, cancellationToken) is var count and > 0)
        {
            if (text.Length + count > MaxOutputBytes)
            {
                throw Fault($"wrote more than {MaxOutputBytes} bytes");
            }

            text.Write(buffer, 0, count);
        }

        return text.ToArray();
    }

    private Process Start(string execInfo, bool isInteractive)
    {
        var program = Find(plugin.Command) ?? throw Fault("is not installed" + Hint());
        var start = new ProcessStartInfo(program, plugin.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = !isInteractive,
            RedirectStandardOutput = true,
        };
        foreach (var (name, value) in plugin.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["KUBERNETES_EXEC_INFO"] = execInfo;
        try
        {
            return Process.Start(start) ?? throw Fault("could not be started");
        }
        catch (Win32Exception error)
        {
            throw Fault($"could not be started: {error.Message}{Hint()}", error);
        }
    }

    // Every request would say it again; once an hour is enough.
    private string Hint()
    {
        var now = timeProvider.GetUtcNow();
        if (plugin.InstallHint is null || now - _hintedAt < HintInterval)
        {
            return "";
        }

        _hintedAt = now;
        var plain = TerminalSequences().Replace(plugin.InstallHint, "");
        return ". " + new string([.. plain.Where(c => !char.IsControl(c) || c == '\n')]).Trim();
    }

    private CredentialsException Fault(string fault, Exception? inner = null) => new($"exec plug-in {plugin.Command} {fault}", inner);
}
