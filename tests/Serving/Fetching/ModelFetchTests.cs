using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using ModelOperator.Serving.Fetching;
using ModelOperator.Serving.Hosting;

namespace ModelOperator.Serving.Tests.Fetching;

/// <summary>Fetching from a real HTTP server and from files.</summary>
internal sealed class ModelFetchTests
{
    private static readonly byte[] Model = RandomNumberGenerator.GetBytes(300_000);
    private static readonly string Digest = Convert.ToHexStringLower(SHA256.HashData(Model));

    private WebApplication _store = null!;
    private Uri _address = null!;
    private DirectoryInfo _directory = null!;
    private HttpClient _http = null!;

    private string Target => Path.Combine(_directory.FullName, "model", "model.onnx");

    [OneTimeSetUp]
    public async Task StartStore()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _store = builder.Build();
        _store.MapGet("/model.onnx", () => Results.Bytes(Model));
        _store.MapGet("/moved.onnx", () => Results.Redirect("/model.onnx"));
        _store.MapGet("/empty.onnx", () => Results.Bytes([]));
        _store.MapGet("/broken.onnx", () => Results.StatusCode(502));
        _store.MapGet("/private.onnx", (HttpContext context) =>
            context.Request.Headers.Authorization == "Basic dTpwQHNz" ? Results.Bytes(Model) : Results.Unauthorized());
        _store.MapGet("/stalls.onnx", async (HttpContext context) =>
        {
            await context.Response.Body.WriteAsync(Model.AsMemory(0, 1000));
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await _store.StartAsync();
        _address = new Uri(_store.Urls.Single());
        _http = new HttpClient();
    }

    [OneTimeTearDown]
    public async Task StopStore()
    {
        _http.Dispose();
        await _store.DisposeAsync();
    }

    [SetUp]
    public void CreateDirectory() => _directory = Directory.CreateTempSubdirectory("fetch-tests-");

    [TearDown]
    public void DeleteDirectory() => _directory.Delete(recursive: true);

    [TestCase("/model.onnx")]
    [TestCase("/moved.onnx")]
    public async Task A_model_is_brought_whole_with_its_digest(string path)
    {
        var fetched = await FetchAsync(new Uri(_address, path), Digest);

        Assert.That(fetched, Is.EqualTo(new FetchedModel(Digest, Model.Length)));
        Assert.That(await File.ReadAllBytesAsync(Target), Is.EqualTo(Model));
        Assert.That(Directory.GetFiles(Path.GetDirectoryName(Target)!), Has.Length.EqualTo(1), "no temporary file stays");
    }

    [Test]
    public async Task A_file_uri_is_copied()
    {
        var source = Path.Combine(_directory.FullName, "source.onnx");
        await File.WriteAllBytesAsync(source, Model);

        Assert.That((await FetchAsync(new Uri("file://" + source))).Sha256, Is.EqualTo(Digest));
    }

    [Test]
    public async Task Credentials_in_the_uri_are_used() =>
        Assert.That((await FetchAsync(new Uri($"http://u:p%40ss@{_address.Authority}/private.onnx"))).Bytes, Is.EqualTo(Model.Length));

    [Test]
    public async Task Credentials_and_signatures_are_not_shown()
    {
        var message = await FailureOfAsync(new Uri($"http://user:secret@{_address.Authority}/private.onnx?X-Amz-Signature=secret#secret"));
        Assert.That(message, Does.StartWith($"http://{_address.Authority}/private.onnx answered 401 Unauthorized").And.Not.Contain("secret"));
    }

    [TestCase("/absent.onnx", "answered 404 Not Found; check spec.model.uri.")]
    [TestCase("/broken.onnx", "answered 502 Bad Gateway; the model store is in trouble")]
    [TestCase("/empty.onnx", "is empty")]
    [TestCase("/stalls.onnx", "sent nothing for 0 s")]
    public async Task What_the_store_does_wrong_is_one_sentence(string path, string expected)
    {
        var message = await FailureOfAsync(new Uri(_address, path), stall: TimeSpan.FromMilliseconds(path == "/stalls.onnx" ? 300 : 60_000));
        Assert.That(message, Does.Contain(expected).And.Not.Contain("\n").And.EndsWith("."));
    }

    [Test]
    public async Task A_store_that_hangs_up_half_way_is_named_as_such()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            using var connection = await listener.AcceptTcpClientAsync();
            await using var stream = connection.GetStream();
            using var reader = new StreamReader(stream, leaveOpen: true);
            while (await reader.ReadLineAsync() is { Length: > 0 })
            {
            }
            await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf"u8.ToArray());
        });

        var message = await FailureOfAsync(new Uri($"http://{listener.LocalEndpoint}/model.onnx"));

        await serving;
        Assert.That(message, Does.Contain("could not be read to its end: the connection ended too early"));
    }

    [Test]
    public async Task Other_bytes_than_expected_are_refused_with_both_digests() =>
        Assert.That(await FailureOfAsync(new Uri(_address, "/model.onnx"), sha256: new string('a', 64)),
            Does.Contain($"has sha256 {Digest}, expected {new string('a', 64)}"));

    [Test]
    public async Task A_model_beyond_the_limit_is_refused_before_and_while_it_streams()
    {
        Assert.That(await FailureOfAsync(new Uri(_address, "/model.onnx"), maxBytes: 1000), Does.Contain("is larger than 1000 bytes"));
        Assert.That(await FailureOfAsync(new Uri(_address, "/stalls.onnx"), maxBytes: 500), Does.Contain("is larger than 500 bytes"));
    }

    [Test]
    public async Task Nobody_listening_is_named_as_such()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var gone = builder.Build();
        await gone.StartAsync();
        var address = gone.Urls.Single();
        await gone.DisposeAsync();

        Assert.That(await FailureOfAsync(new Uri(address + "/model.onnx")), Does.Contain("cannot be reached: the connection was refused"));
    }

    [Test]
    public async Task A_scheme_of_another_kind_is_refused_with_those_there_are() =>
        Assert.That(await FailureOfAsync(new Uri("ftp://host/model.onnx")), Does.Contain("scheme ftp: is not supported here; use file:, http: or https:"));

    [Test]
    public async Task A_directory_and_an_absent_file_are_told_apart()
    {
        Assert.That(await FailureOfAsync(new Uri("file://" + _directory.FullName)), Does.Contain("is a directory"));
        Assert.That(await FailureOfAsync(new Uri("file:///no/such/model.onnx")), Does.Contain("does not exist"));
    }

    [Test]
    public async Task The_command_reports_the_digest_as_its_termination_message()
    {
        var log = Path.Combine(_directory.FullName, "termination-log");
        var code = await FetchCommand.RunAsync([], Environment(new Uri(_address, "/model.onnx"), log));

        Assert.That(code, Is.Zero);
        Assert.That(await File.ReadAllTextAsync(log), Is.EqualTo($$"""{"sha256":"{{Digest}}","bytes":{{Model.Length}}}"""));
    }

    [Test]
    public async Task The_command_fails_with_code_1_and_leaves_nothing()
    {
        var log = Path.Combine(_directory.FullName, "termination-log");
        var code = await FetchCommand.RunAsync([], Environment(new Uri(_address, "/absent.onnx"), log));

        Assert.That(code, Is.EqualTo(1));
        Assert.That(File.Exists(log), Is.False);
        Assert.That(File.Exists(Target), Is.False);
    }

    [TestCase("--model-path", "needs a value")]
    [TestCase("--modelpath=x", "is no setting of this command")]
    [TestCase("--model-uri=relative/path", "no absolute URI")]
    [TestCase("--model-sha256=xyz", "64 hexadecimal digits")]
    [TestCase("--model-max-bytes=0", "must be a whole number from 1")]
    public void Settings_that_make_no_sense_are_refused_by_name(string argument, string message) =>
        Assert.That(() => FetchSettings.From([argument], Environment(_address, "x")),
            Throws.TypeOf<SettingException>().With.Message.Contains(message));

    private IConfiguration Environment(Uri uri, string log) => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["MODEL_URI"] = uri.OriginalString,
        ["MODEL_PATH"] = Target,
        ["TERMINATION_LOG"] = log,
    }).Build();

    private Task<FetchedModel> FetchAsync(Uri uri, string? sha256 = null, long maxBytes = 1 << 20, TimeSpan? stall = null) =>
        new ModelFetch(new ModelSource(_http), TimeProvider.System) { StallTimeout = stall ?? TimeSpan.FromMinutes(1) }.RunAsync(
            new FetchSettings { Uri = uri, Path = Target, Sha256 = sha256, MaxBytes = maxBytes }, CancellationToken.None);

    private async Task<string> FailureOfAsync(Uri uri, string? sha256 = null, long maxBytes = 1 << 20, TimeSpan? stall = null)
    {
        var failure = (await Assert.ThrowsAsync<FetchException>(() => FetchAsync(uri, sha256, maxBytes, stall)))!;
        Assert.That(File.Exists(Target), Is.False);
        Assert.That(Directory.Exists(Path.GetDirectoryName(Target)) ? Directory.GetFiles(Path.GetDirectoryName(Target)!) : [], Is.Empty);
        return failure.Message;
    }
}
