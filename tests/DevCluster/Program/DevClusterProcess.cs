using System.Diagnostics;
using System.Text;

namespace ModelOperator.DevCluster.Tests.Program;

/// <summary>The devcluster program as a user runs it: a process of its own.</summary>
internal sealed class DevClusterProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private DevClusterProcess(IEnumerable<string> arguments, string workingDirectory)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "devcluster"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = workingDirectory,
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += Take;
        _process.ErrorDataReceived += Take;
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>All that it has printed.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts it and waits until it says that it is ready.</summary>
    public static async Task<DevClusterProcess> StartAsync(string workingDirectory, params string[] arguments)
    {
        var program = new DevClusterProcess(arguments, workingDirectory);
        await (await Task.WhenAny(program._ready.Task, program._process.WaitForExitAsync())).WaitAsync(Patience);
        Assert.That(program._ready.Task.IsCompleted, program.Output);
        return program;
    }

    /// <summary>Starts it and waits until it ends by itself; its exit code and all that it printed.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(string workingDirectory, params string[] arguments)
    {
        await using var program = new DevClusterProcess(arguments, workingDirectory);
        await program._process.WaitForExitAsync().WaitAsync(Patience);
        return (program._process.ExitCode, program.Output);
    }

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>Ends it as Ctrl-C does; its exit code.</summary>
    public async Task<int> InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private void Take(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }

        if (line.Data?.Contains(" is ready after ", StringComparison.Ordinal) == true)
        {
            _ready.TrySetResult();
        }
    }
}
