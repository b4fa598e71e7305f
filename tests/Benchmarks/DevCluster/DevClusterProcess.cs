using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ModelOperator.Kubernetes.Client;

namespace ModelOperator.Benchmarks.DevCluster;

/// <summary>The real devcluster program, started from where the solution was built.</summary>
internal sealed class DevClusterProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string _directory;
    private readonly KubernetesClientConfiguration _configuration;

    private DevClusterProcess(Process process, string directory, TimeSpan startup)
    {
        _process = process;
        _directory = directory;
        _configuration = KubernetesClientConfiguration.BuildFromConfigFile(Path.Combine(directory, "kubeconfig"));
        Startup = startup;
    }

    /// <summary>From the start of the process to its word that it is ready.</summary>
    public TimeSpan Startup { get; }

    /// <summary>The file that tells clients where it is.</summary>
    public string Kubeconfig => Path.Combine(_directory, "kubeconfig");

    /// <summary>Resident memory now, in MB.</summary>
    public double ResidentMegabytes
    {
        get
        {
            var line = File.ReadLines($"/proc/{_process.Id}/status").First(text => text.StartsWith("VmRSS:", StringComparison.Ordinal));
            return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture) / 1024;
        }
    }

    public static async Task<DevClusterProcess> StartAsync(CancellationToken cancellationToken, params IEnumerable<string> arguments)
    {
        var configuration = Path.GetFileName(AppContext.BaseDirectory.TrimEnd('/'));
        var program = Path.Combine(AppContext.BaseDirectory, "..", "..", "ModelOperator.DevCluster", configuration, "devcluster");
        var directory = Directory.CreateTempSubdirectory("bench-devcluster").FullName;
        var started = Stopwatch.GetTimestamp();
        var process = Process.Start(new ProcessStartInfo(program, ["--kubeconfig", Path.Combine(directory, "kubeconfig"), .. arguments])
        {
            RedirectStandardOutput = true,
        })!;
        while (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.Contains("is ready", StringComparison.Ordinal))
            {
                return new DevClusterProcess(process, directory, Stopwatch.GetElapsedTime(started));
            }
        }

        throw new InvalidOperationException($"{program} ended with {process.ExitCode} before it was ready");
    }

    /// <summary>A client with connections of its own.</summary>
    public HttpClient Connect()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(_configuration.CertificateAuthorities!);
        return new HttpClient(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy } })
        {
            BaseAddress = _configuration.Server,
            DefaultRequestVersion = System.Net.HttpVersion.Version20,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", _configuration.AccessToken) },
        };
    }

    public static async Task SendAsync(HttpClient client, HttpMethod method, string path, string? body, string contentType, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Version = client.DefaultRequestVersion };
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, contentType);
        }

        using var response = await client.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        await response.Content.CopyToAsync(Stream.Null, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        using (Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        Directory.Delete(_directory, recursive: true);
    }
}
