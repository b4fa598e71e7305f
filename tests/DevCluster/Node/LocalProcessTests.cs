using ModelOperator.DevCluster.Node.Processes;

namespace ModelOperator.DevCluster.Tests.Node;

internal sealed class LocalProcessTests
{
    private readonly ProcessLauncher _launcher = new();
    private string _folder = null!;

    private string Log => Path.Combine(_folder, "log");

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory().FullName;

    [OneTimeTearDown]
    public void StopLauncher() => _launcher.Dispose();

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task A_process_has_its_own_environment_only_and_writes_to_its_log()
    {
        var process = await StartAsync("env; exit 7");

        Assert.That(await process.Exit, Is.EqualTo(7));
        Assert.That(
            (await File.ReadAllLinesAsync(Log)).Select(l => l.Split('=')[0]), Is.SubsetOf(new[] { "PATH", "MINE", "PWD", "OLDPWD", "SHLVL", "_", OrphanWatch.Variable }));
        Assert.That(await File.ReadAllTextAsync(Log), Does.Contain("MINE=1"));
    }

    [TestCase(Signal.Terminate, 143)]
    [TestCase(Signal.Kill, 137)]
    public async Task A_signal_ends_the_process_and_what_it_started(Signal signal, int exitCode)
    {
        var process = await StartAsync("sleep 60 & echo $!; wait");
        var child = await FirstLineAsync();

        process.Send(signal);

        Assert.That(await process.Exit, Is.EqualTo(exitCode));
        await GoneAsync(child);
    }

    [Test]
    public async Task Children_left_behind_end_with_the_process()
    {
        var process = await StartAsync("sleep 60 & echo $!");
        Assert.That(await process.Exit, Is.Zero);

        await GoneAsync(await FirstLineAsync());
    }

    [Test]
    public async Task Disposing_the_launcher_kills_everything()
    {
        using var launcher = new ProcessLauncher();
        var process = await launcher.StartAsync(Spec("sleep 60"));

        launcher.Dispose();

        Assert.That(await process.Exit, Is.EqualTo(137));
    }

    private static async Task GoneAsync(string processId)
    {
        // A killed child lingers as a zombie until init reaps it.
        while (File.Exists($"/proc/{processId}/stat") && !(await ReadStatAsync(processId)).Contains(") Z", StringComparison.Ordinal))
        {
            await Task.Yield();
        }
    }

    private static async Task<string> ReadStatAsync(string processId)
    {
        try
        {
            return await File.ReadAllTextAsync($"/proc/{processId}/stat");
        }
        catch (IOException)
        {
            return ") Z";
        }
    }

    private async Task<string> FirstLineAsync()
    {
        while (true)
        {
            var text = File.Exists(Log) ? await File.ReadAllTextAsync(Log) : "";
            if (text.Contains('\n', StringComparison.Ordinal))
            {
                return text.Split('\n')[0];
            }
        }
    }

    private Task<LocalProcess> StartAsync(string script) => _launcher.StartAsync(Spec(script));

    private LaunchSpec Spec(string script) => new(
        ["/bin/sh", "-c", script],
        new Dictionary<string, string> { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/bin:/usr/bin", ["MINE"] = "1" },
        _folder,
        Log);
}
