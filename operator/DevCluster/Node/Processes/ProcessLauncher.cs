using System.Collections.Concurrent;
using System.Diagnostics;

namespace ModelOperator.DevCluster.Node.Processes;

/// <summary>
/// Starts processes that die with this one, however it ends: Linux sends their parent-death signal when the <i>thread</i>
/// that forked them ends, so all are forked from one thread that lives as long as the launcher. What they start themselves
/// is left to an <see cref="OrphanWatch"/>.
/// </summary>
internal sealed class ProcessLauncher : IDisposable
{
    // The shell opens the log, then becomes setpriv, setsid and at last the program: the process id stays the same.
    private const string Wrapper = """log=$1; shift; exec setpriv --pdeathsig KILL setsid "$@" >>"$log" 2>&1 </dev/null""";

    private readonly BlockingCollection<(LaunchSpec Spec, TaskCompletionSource<LocalProcess> Started)> _requests = [];
    private readonly ConcurrentDictionary<int, LocalProcess> _live = new();
    private readonly OrphanWatch _orphans = new();
    private readonly Thread _thread;
    private int _killed;
    private int _disposed;

    public ProcessLauncher()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "container launcher" };
        _thread.Start();
        AppDomain.CurrentDomain.ProcessExit += KillAll;
    }

    /// <summary>Starts a process.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The system cannot start processes.</exception>
    public Task<LocalProcess> StartAsync(LaunchSpec spec)
    {
        var started = new TaskCompletionSource<LocalProcess>(TaskCreationOptions.RunContinuationsAsynchronously);
        _requests.Add((spec, started));
        return started.Task;
    }

    /// <summary>Kills what is still running and ends the launcher.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        AppDomain.CurrentDomain.ProcessExit -= KillAll;
        _requests.CompleteAdding();
        _thread.Join();
        KillAll(null, EventArgs.Empty);
        _orphans.Dispose();
        _requests.Dispose();
    }

    private void KillAll(object? sender, EventArgs e)
    {
        Interlocked.Exchange(ref _killed, 1);
        foreach (var process in _live.Values)
        {
            process.Send(Signal.Kill);
        }
    }

    private void Run()
    {
        foreach (var (spec, started) in _requests.GetConsumingEnumerable())
        {
            try
            {
                var process = Start(spec);
                _live[process.Id] = process;
                _ = process.Exit.ContinueWith(
                    _ => _live.TryRemove(KeyValuePair.Create(process.Id, process)), TaskScheduler.Default);
                if (Volatile.Read(ref _killed) != 0)
                {
                    process.Send(Signal.Kill);
                }

                started.SetResult(process);
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        }
    }

    private LocalProcess Start(LaunchSpec spec)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Wrapper, "container", spec.LogFile, .. spec.Command])
        {
            WorkingDirectory = spec.WorkingDirectory,
            UseShellExecute = false,
        };
        start.Environment.Clear();
        foreach (var (name, value) in spec.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment[OrphanWatch.Variable] = _orphans.Mark;
        return new LocalProcess(Process.Start(start) ?? throw new InvalidOperationException("the process did not start"));
    }
}
