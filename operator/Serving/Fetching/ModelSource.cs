using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace ModelOperator.Serving.Fetching;

/// <summary>Opens a model by its URI.</summary>
internal sealed class ModelSource(HttpClient http)
{
    /// <returns>The bytes, and how many there will be when that is known.</returns>
    public async Task<(Stream Content, long? Length)> OpenAsync(Uri uri, CancellationToken cancellationToken) => uri.Scheme switch
    {
        "file" => OpenFile(uri),
        "http" or "https" => await OpenHttpAsync(uri, cancellationToken),
        _ => throw new FetchException(
            $"{UriText.WithoutSecrets(uri)} cannot be fetched: scheme {uri.Scheme}: is not supported here; use file:, http: or https:."),
    };

    /// <summary>Why an HTTP exchange failed, in words.</summary>
    public static string Reason(Exception failure) => failure switch
    {
        HttpRequestException { InnerException: SocketException socket } => Reason(socket),
        HttpRequestException { InnerException: AuthenticationException tls } => $"the TLS handshake failed: {tls.Message}",
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "the host name is unknown",
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "the connection was refused",
        SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData } => "the host name is unknown",
        SocketException { SocketErrorCode: SocketError.ConnectionReset } => "the connection ended too early",
        SocketException socket => socket.Message,
        HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } => "the connection ended too early",
        { InnerException: { } inner } and (IOException or HttpRequestException) => Reason(inner),
        _ => failure.Message.TrimEnd('.'),
    };

    private static (Stream Content, long? Length) OpenFile(Uri uri)
    {
        var shown = UriText.WithoutSecrets(uri);
        if (Directory.Exists(uri.LocalPath))
        {
            throw new FetchException($"{shown} is a directory; name the model file in it.");
        }
        try
        {
            var file = File.OpenRead(uri.LocalPath);
            return (file, file.Length);
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FetchException($"{shown} does not exist; check spec.model.uri and that the volume is mounted.");
        }
        catch (UnauthorizedAccessException)
        {
            throw new FetchException($"{shown} may not be read by this user; check the file's permissions.");
        }
    }

    private async Task<(Stream Content, long? Length)> OpenHttpAsync(Uri uri, CancellationToken cancellationToken)
    {
        var shown = UriText.WithoutSecrets(uri);
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        if (uri.UserInfo.Length > 0)
        {
            var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(uri.UserInfo)));
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        }
        HttpResponseMessage response;
        try
        {
            response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        }
        catch (HttpRequestException failure)
        {
            throw new FetchException($"{shown} cannot be reached: {Reason(failure)}; check the address and the network policy.");
        }
        if (response.StatusCode == HttpStatusCode.OK)
        {
            return (await response.Content.ReadAsStreamAsync(cancellationToken), response.Content.Headers.ContentLength);
        }
        using (response)
        {
            var advice = response.StatusCode switch
            {
                HttpStatusCode.NotFound or HttpStatusCode.Gone => "check spec.model.uri",
                HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => "the model store wants other credentials",
                >= HttpStatusCode.InternalServerError => "the model store is in trouble; the fetch is tried again",
                _ => "expected 200",
            };
            throw new FetchException($"{shown} answered {(int)response.StatusCode} {response.ReasonPhrase}; {advice}.");
        }
    }
}
