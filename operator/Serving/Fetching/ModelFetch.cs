using System.Buffers;
using System.Security.Cryptography;

namespace ModelOperator.Serving.Fetching;

/// <summary>
/// Brings a model to a file: hashed while it streams, bounded, and put in place by a rename, so that the file is
/// either absent or whole.
/// </summary>
internal sealed class ModelFetch(ModelSource source, TimeProvider time)
{
    private const int BufferSize = 128 * 1024;

    /// <summary>A store that sends nothing for this long has died.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <exception cref="FetchException">With one sentence of what is wrong and what to do.</exception>
    public async Task<FetchedModel> RunAsync(FetchSettings settings, CancellationToken cancellationToken)
    {
        var shown = UriText.WithoutSecrets(settings.Uri);
        var directory = Path.GetDirectoryName(Path.GetFullPath(settings.Path))!;
        var temporary = Path.Combine(directory, $".{Path.GetFileName(settings.Path)}.{Path.GetRandomFileName()}.part");
        try
        {
            Directory.CreateDirectory(directory);
            var fetched = await DownloadAsync(settings, shown, temporary, cancellationToken);
            if (fetched.Bytes == 0)
            {
                throw new FetchException($"{shown} is empty; upload the model again.");
            }
            if (settings.Sha256 is { } expected && expected != fetched.Sha256)
            {
                throw new FetchException(
                    $"{shown} has sha256 {fetched.Sha256}, expected {expected}: the bytes are not those of this revision; " +
                    "restore them, or change spec.model.sha256 to make a new revision.");
            }
            File.Move(temporary, settings.Path, overwrite: true);
            return fetched;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new FetchException($"{settings.Path} cannot be written: {failure.Message.TrimEnd('.')}.");
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private async Task<FetchedModel> DownloadAsync(
        FetchSettings settings, string shown, string temporary, CancellationToken cancellationToken)
    {
        using var stalled = new CancellationTokenSource(StallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stalled.Token, cancellationToken);
        try
        {
            var (content, length) = await source.OpenAsync(settings.Uri, either.Token);
            await using (content)
            {
                if (length > settings.MaxBytes)
                {
                    throw TooLarge(shown, settings);
                }
                await using var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
                return await CopyAsync(content, file, settings, shown, stalled, either.Token);
            }
        }
        catch (OperationCanceledException) when (stalled.IsCancellationRequested)
        {
            throw new FetchException($"{shown} sent nothing for {StallTimeout.TotalSeconds:0} s; the model store does not answer.");
        }
        catch (OperationCanceledException failure) when (failure.InnerException is TimeoutException)
        {
            throw new FetchException($"{shown} cannot be reached: the connection timed out; check the address and the network policy.");
        }
    }

    private async Task<FetchedModel> CopyAsync(
        Stream content, FileStream file, FetchSettings settings, string shown, CancellationTokenSource stalled, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            long total = 0;
            while (await ReadAsync(content, buffer, shown, cancellationToken) is var read and > 0)
            {
                stalled.CancelAfter(StallTimeout);
                total += read;
                if (total > settings.MaxBytes)
                {
                    throw TooLarge(shown, settings);
                }
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }
            file.Flush(flushToDisk: true);
            return new FetchedModel(Convert.ToHexStringLower(hash.GetHashAndReset()), total);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Told apart from a failure to write, which is an IOException as well.
    private static async ValueTask<int> ReadAsync(Stream content, byte[] buffer, string shown, CancellationToken cancellationToken)
    {
        try
        {
            return await content.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            throw new FetchException($"{shown} could not be read to its end: {ModelSource.Reason(failure)}; the fetch is tried again.");
        }
    }

    private static FetchException TooLarge(string shown, FetchSettings settings) =>
        new($"{shown} is larger than {settings.MaxBytes} bytes, the most that is fetched; raise MODEL_MAX_BYTES.");
}
