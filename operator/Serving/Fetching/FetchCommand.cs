using System.Runtime.InteropServices;
using System.Text.Json;
using ModelOperator.Serving.Hosting;

namespace ModelOperator.Serving.Fetching;

/// <summary><c>modelserver fetch</c>: exit code 0 and the digest in the termination message, or 1 and one sentence on stderr.</summary>
internal static class FetchCommand
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    public static async Task<int> RunAsync(string[] args, IConfiguration? environment = null)
    {
        using var stop = new CancellationTokenSource();
        using var signal = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Cancel();
        });
        try
        {
            var settings = FetchSettings.From(args, environment);
            using var handler = new SocketsHttpHandler { ConnectTimeout = ConnectTimeout };
            // No limit on the whole: a large model takes its time. What stalls is given up by ModelFetch.
            using var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
            var fetched = await new ModelFetch(new ModelSource(http), TimeProvider.System).RunAsync(settings, stop.Token);
            await ReportAsync(settings, fetched);
            Console.Out.WriteLine(
                $"fetch: {UriText.WithoutSecrets(settings.Uri)} is at {settings.Path}, {fetched.Bytes} bytes, sha256 {fetched.Sha256}");
            return 0;
        }
        catch (Exception failure) when (failure is FetchException or SettingException)
        {
            Console.Error.WriteLine("fetch: " + failure.Message);
            return 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            Console.Error.WriteLine("fetch: stopped before the model was there.");
            return 1;
        }
    }

    private static async Task ReportAsync(FetchSettings settings, FetchedModel fetched)
    {
        if (settings.TerminationLog is not { } path)
        {
            return;
        }
        try
        {
            await File.WriteAllTextAsync(path, JsonSerializer.Serialize(fetched, JsonSerializerOptions.Web));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new FetchException($"The digest cannot be reported in {path}: {failure.Message.TrimEnd('.')}.");
        }
    }
}
