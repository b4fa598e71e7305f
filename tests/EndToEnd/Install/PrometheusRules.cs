using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace ModelOperator.EndToEnd.Tests.Install;

/// <summary>Has a real Prometheus read a file of rules.</summary>
internal static class PrometheusRules
{
    /// <returns>The names of the alerts that it has then.</returns>
    /// <exception cref="InvalidOperationException">It refused the file; the message quotes it.</exception>
    public static async Task<IReadOnlyList<string>> LoadAsync(string file, string directory)
    {
        var configuration = Path.Combine(directory, "rules.yml");
        await File.WriteAllTextAsync(configuration, $"rule_files: [\"{file}\"]\n");
        var address = $"127.0.0.1:{FreePort()}";
        using var prometheus = Process.Start(new ProcessStartInfo("prometheus")
        {
            ArgumentList =
            {
                $"--config.file={configuration}", $"--storage.tsdb.path={Path.Combine(directory, "tsdb")}", $"--web.listen-address={address}",
            },
            RedirectStandardError = true,
        })!;
        var error = prometheus.StandardError.ReadToEndAsync();
        try
        {
            using var http = new HttpClient();
            string? answer = null;
            await Eventually.IsTrueAsync(
                async () => prometheus.HasExited || (answer = await TryAsync(http, $"http://{address}/api/v1/rules")) is not null,
                "Prometheus answers",
                () => Task.FromResult<string?>("nothing"));
            if (prometheus.HasExited)
            {
                throw new InvalidOperationException(await error);
            }

            return [.. JsonDocument.Parse(answer!).RootElement.GetProperty("data").GetProperty("groups").EnumerateArray()
                .SelectMany(group => group.GetProperty("rules").EnumerateArray()).Select(rule => rule.GetProperty("name").GetString()!)];
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync();
        }
    }

    private static async Task<string?> TryAsync(HttpClient http, string uri)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(uri));
            return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync() : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
