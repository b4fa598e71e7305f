using ModelOperator.Conformance.Tests.Harness;
using ModelOperator.Demo.Cluster;

namespace ModelOperator.Conformance.Tests;

/// <summary>The cluster that the suite is about: the one of <c>E2E_KUBECONFIG</c>, else a dev cluster started for this run.</summary>
[SetUpFixture]
internal sealed class TestedCluster
{
    private static DevClusterProcess? _devCluster;
    private static string? _directory;
    private static ApiClient? _api;
    private static string? _kubeconfig;

    public static ApiClient Api => _api ?? throw new InvalidOperationException("the cluster is not up");

    public static string Kubeconfig => _kubeconfig ?? throw new InvalidOperationException("the cluster is not up");

    public static Repository Repository { get; } = Repository.Find();

    [OneTimeSetUp]
    public async Task Start()
    {
        if (Environment.GetEnvironmentVariable("E2E_KUBECONFIG") is { Length: > 0 } given)
        {
            _kubeconfig = Path.GetFullPath(given);
        }
        else
        {
            _directory = Directory.CreateTempSubdirectory("modeloperator-conformance-").FullName;
            _devCluster = await DevClusterProcess.StartAsync(Repository, _directory, TimeProvider.System, CancellationToken.None);
            _kubeconfig = _devCluster.Kubeconfig;
        }

        _api = new ApiClient(_kubeconfig);
    }

    [OneTimeTearDown]
    public async Task Stop()
    {
        _api?.Dispose();
        if (_devCluster is not null)
        {
            await _devCluster.DisposeAsync();
            Directory.Delete(_directory!, recursive: true);
        }
    }
}
