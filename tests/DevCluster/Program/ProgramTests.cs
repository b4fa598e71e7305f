using ModelOperator.DevCluster.Tests.Node;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Program;

internal sealed class ProgramTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private string _folder = "";

    private string Kubeconfig => Path.Combine(_folder, "kubeconfig");

    [SetUp]
    public async Task CreateFolder()
    {
        _folder = Directory.CreateTempSubdirectory("devcluster-").FullName;
        await File.WriteAllTextAsync(Path.Combine(_folder, "images.json"), """{"images": [{"image": "busybox", "command": ["/bin/sh", "-c"]}]}""");
    }

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Killed_outright_it_leaves_no_process_of_any_pod()
    {
        await using var program = await DevClusterProcess.StartAsync(_folder, "--kubeconfig", Kubeconfig, "--images", "images.json");
        using var client = new KubernetesClient(KubernetesClientConfiguration.BuildFromConfigFile(Kubeconfig));
        // A child in the same session, one in a session of its own, and a grandchild.
        var pod = NodeTests.Pod("family", "sleep 600 & setsid sleep 600 & (sleep 600; true) & wait");
        pod.Metadata.NamespaceProperty = "default";
        await client.CreateAsync(pod);
        using var patience = new CancellationTokenSource(Patience);
        while (ProcessTable.WithEnvironment(_folder).Count < 5)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }

        await program.KillAsync();

        while (ProcessTable.WithEnvironment(_folder).Count > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    [Test]
    public async Task A_node_joins_an_API_server_that_another_process_runs()
    {
        await using var server = await DevClusterProcess.StartAsync(_folder, "--kubeconfig", Kubeconfig, "--no-node");
        await using var node = await DevClusterProcess.StartAsync(
            _folder, "node", "--kubeconfig", Kubeconfig, "--name", "far", "--images", "images.json", "--state", "state", "--scheduler");
        using var client = new KubernetesClient(KubernetesClientConfiguration.BuildFromConfigFile(Kubeconfig));
        var pod = NodeTests.Pod("traveller", "exec sleep 600");
        pod.Metadata.NamespaceProperty = "default";
        // Nobody makes service accounts here.
        pod.Spec!.AutomountServiceAccountToken = false;

        await client.CreateAsync(pod);

        using var patience = new CancellationTokenSource(Patience);
        var seen = pod;
        while (!NodeTests.IsReady(seen))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
            seen = await client.GetAsync<V1Pod>("traveller", "default", patience.Token);
        }

        Assert.That(seen!.Spec!.NodeName, Is.EqualTo("far"));
        Assert.That(await node.InterruptAsync(), Is.Zero, node.Output);
        Assert.That(ProcessTable.WithEnvironment(Path.Combine(_folder, "state")), Is.Empty);
    }

    [TestCase("node", ExpectedResult = "devcluster: --kubeconfig is needed")]
    [TestCase("node", "--network", "10.0.0.0/8", ExpectedResult = "devcluster: --network needs a range such as 10.244.0.0/16, not '10.0.0.0/8'")]
    public async Task<string> A_wrong_argument_of_a_node_is_named(params string[] arguments)
    {
        var (exitCode, output) = await DevClusterProcess.RunAsync(_folder, arguments);

        Assert.That(exitCode, Is.EqualTo(2));
        return output.Split('\n')[0];
    }

    [Test]
    public async Task Interrupted_it_ends_well_and_takes_its_kubeconfig_along()
    {
        await using var program = await DevClusterProcess.StartAsync(_folder, "--kubeconfig", Kubeconfig);
        Assert.That(File.Exists(Kubeconfig));
        Assert.That(program.Output, Does.Contain($"export KUBECONFIG={Kubeconfig}").And.Contain("without isolation"));

        Assert.That(await program.InterruptAsync(), Is.Zero, program.Output);
        Assert.That(File.Exists(Kubeconfig), Is.False);
    }

    [Test]
    public async Task A_taken_port_is_said_in_one_line()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var port = ((System.Net.IPEndPoint)taken.LocalEndpoint).Port;

        var (exitCode, output) = await DevClusterProcess.RunAsync(_folder, "--kubeconfig", Kubeconfig, "--port", $"{port}");

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output.Trim(), Is.EqualTo($"devcluster: port {port} of 127.0.0.1 is taken by another program; choose another with --port (make cluster PORT=)"));
    }

    [Test]
    public async Task A_kubeconfig_that_cannot_be_written_is_said_in_one_line()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "file"), "");

        var (exitCode, output) = await DevClusterProcess.RunAsync(_folder, "--kubeconfig", "file/kubeconfig");

        Assert.That(exitCode, Is.EqualTo(1));
        Assert.That(output.Trim().Split('\n'), Has.Length.EqualTo(1));
        Assert.That(output, Does.StartWith($"devcluster: cannot write the kubeconfig {_folder}/file/kubeconfig: "));
    }

    [TestCase("--gpus", "many", ExpectedResult = "devcluster: --gpus needs a number from 0 to 1024, not 'many'")]
    [TestCase("--frobnicate", ExpectedResult = "devcluster: unknown argument '--frobnicate'")]
    public async Task<string> A_wrong_argument_is_named(params string[] arguments)
    {
        var (exitCode, output) = await DevClusterProcess.RunAsync(_folder, arguments);

        Assert.That(exitCode, Is.EqualTo(2));
        return output.Split('\n')[0];
    }
}
