using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;
using ModelOperator.TestSupport.Faults;

namespace ModelOperator.Kubernetes.Tests.Client;

/// <summary>What a watch tells its caller about each fault; the informer decides what to do about it.</summary>
internal sealed class WatchFaultTests
{
    private FaultyApi _api = null!;
    private FaultyLink _link = null!;
    private KubernetesClient _client = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _api = await FaultyApi.StartAsync();
        _link = FaultyLink.StartTo(_api.Address);
        _client = new KubernetesClient(new KubernetesClientConfiguration { Server = _link.Via(_api.Address) });
        _api.Store.Put("default/a", "1");
    }

    [TearDown]
    public async Task StopAsync()
    {
        _client.Dispose();
        await _link.DisposeAsync();
        await _api.DisposeAsync();
    }

    [Test]
    public async Task A_clean_close_ends_the_watch_without_an_error()
    {
        await using var watch = await OpenAsync();

        _api.Store.BreakWatches(KnownFaults.CleanClose);

        Assert.That(await watch.MoveNextAsync(), Is.False);
    }

    [Test]
    public async Task A_reset_by_the_server_is_an_error_of_the_connection()
    {
        await using var watch = await OpenAsync();

        _api.Store.BreakWatches(KnownFaults.Reset);

        await Assert.ThrowsAsync(Is.InstanceOf<IOException>().Or.InstanceOf<HttpRequestException>(), async () => await watch.MoveNextAsync());
    }

    [Test]
    public async Task A_reset_of_the_connection_is_an_error_of_the_connection()
    {
        await using var watch = await OpenAsync();

        _link.Reset();

        await Assert.ThrowsAsync(Is.InstanceOf<IOException>().Or.InstanceOf<HttpRequestException>(), async () => await watch.MoveNextAsync());
    }

    [Test]
    public async Task A_half_open_connection_is_left_by_cancelling()
    {
        using var stop = new CancellationTokenSource();
        await using var watch = await OpenAsync(cancellationToken: stop.Token);
        _link.Freeze();
        _api.Store.Put("default/a", "2");

        var next = watch.MoveNextAsync();
        Assert.That(next.IsCompleted, Is.False);
        await stop.CancelAsync();

        await Assert.ThrowsAsync(Is.InstanceOf<OperationCanceledException>(), async () => await next);
    }

    [Test]
    public async Task A_frozen_connection_that_thaws_has_lost_nothing()
    {
        await using var watch = await OpenAsync();
        _link.Freeze();
        _api.Store.Put("default/a", "2");
        _link.Thaw();

        Assert.That(await watch.MoveNextAsync(), Is.True);
        Assert.That(watch.Current.Object.Data!["v"], Is.EqualTo("2"));
    }

    [Test]
    public async Task A_410_in_the_stream_is_expired()
    {
        await using var watch = await OpenAsync();

        _api.Store.BreakWatches(KnownFaults.Gone);

        var error = await Assert.ThrowsAsync<KubernetesException>(async () => await watch.MoveNextAsync());
        Assert.That(error!.IsExpired, Is.True);
    }

    [Test]
    public async Task A_410_as_http_status_is_expired()
    {
        _api.Store.Put("default/b", "1");
        _api.Store.Compact();

        var error = await Assert.ThrowsAsync<KubernetesException>(() => OpenAsync(fromVersion: "101"));
        Assert.That(error!.IsExpired, Is.True);
    }

    [Test]
    public async Task A_partial_line_is_an_error_and_no_event()
    {
        await using var watch = await OpenAsync();

        _api.Store.BreakWatches(KnownFaults.PartialLine);

        await Assert.ThrowsAsync(Is.InstanceOf<IOException>().Or.InstanceOf<HttpRequestException>(), async () => await watch.MoveNextAsync());
    }

    [Test]
    public async Task Json_that_is_cut_short_in_a_sound_answer_is_an_error_and_no_event()
    {
        await using var watch = await OpenAsync();

        _api.Store.BreakWatches(KnownFaults.TruncatedJson);

        var error = await Assert.ThrowsAsync<IOException>(async () => await watch.MoveNextAsync());
        Assert.That(error!.Message, Does.Contain("in the middle of an event"));
    }

    [Test]
    public async Task A_connection_cut_between_any_two_bytes_is_an_error_and_never_half_an_object()
    {
        string[] names = ["a", "b", "c", "d", "e", "f", "g", "h"];
        Array.ForEach(names, name => _api.Store.Put($"default/{name}", "1"));
        for (var bytes = 1; bytes < 900; bytes += 13)
        {
            _link.CutNextAfter(bytes);
            var seen = new List<string>();
            try
            {
                await foreach (var change in _client.WatchAsync<V1ConfigMap>("default", resourceVersion: "0"))
                {
                    seen.Add(change.Object.Name());
                }
            }
            catch (Exception broken) when (broken is IOException or HttpRequestException)
            {
                // Cut in the head of the answer, in its chunk or in the line.
            }

            Assert.That(seen, Is.EqualTo(names.Take(seen.Count)), $"after {bytes} bytes");
            Assert.That(seen, Has.Count.LessThan(names.Length), $"after {bytes} bytes");
        }
    }

    [Test]
    public async Task An_event_of_five_megabytes_arrives_whole_and_the_watch_goes_on()
    {
        await using var watch = await OpenAsync();

        _api.Store.BreakWatches(KnownFaults.HugeLine);
        _api.Store.Put("default/a", "2");

        await watch.MoveNextAsync();
        Assert.That(watch.Current.Object.Data!["v"], Has.Length.EqualTo(5_000_000));
        await watch.MoveNextAsync();
        Assert.That(watch.Current.Object.Data!["v"], Is.EqualTo("2"));
    }

    [Test]
    public async Task Bookmarks_alone_keep_a_watch_alive()
    {
        await using var watch = await OpenAsync();

        for (var i = 0; i < 3; i++)
        {
            _api.Store.SendBookmarks();
            await watch.MoveNextAsync();
            Assert.That(watch.Current.Type, Is.EqualTo(WatchEventType.Bookmark));
        }
    }

    [Test]
    public async Task A_body_that_comes_a_byte_at_a_time_makes_whole_events()
    {
        var turns = new SemaphoreSlim(0);
        var lines = Answer.Event("ADDED", Answer.ConfigMap("slow", "7")) + "\n" + Answer.Bookmark("9") + "\n";
        _api.InjectIntoNext(ApiCall.Watch, KnownFaults.Slow(lines, _ => turns.WaitAsync()));

        var watch = TakeAllAsync();
        turns.Release(lines.Length);

        Assert.That((await watch).Select(change => change.Object.ResourceVersion()), Is.EqualTo(new[] { "7", "9" }));
    }

    [Test]
    public async Task A_page_of_a_proxy_is_no_watch()
    {
        _api.InjectIntoNext(ApiCall.Watch, KnownFaults.HtmlPage);

        await Assert.ThrowsAsync<InvalidDataException>(TakeAllAsync);
    }

    [Test]
    public async Task A_server_that_asks_to_go_elsewhere_finishes_the_watch_and_new_requests_take_a_new_connection()
    {
        using var authority = TestCertificates.CreateAuthority("right");
        await using var api = await FaultyApi.StartAsync(TestCertificates.CreateServer(authority));
        await using var link = FaultyLink.StartTo(api.Address);
        using var client = new KubernetesClient(new KubernetesClientConfiguration { Server = link.Via(api.Address), CertificateAuthorities = [authority] });
        api.Store.Put("default/a", "1");
        await using var watch = client.WatchAsync<V1ConfigMap>("default", resourceVersion: "0").GetAsyncEnumerator();
        await watch.MoveNextAsync();
        await client.GetAsync<V1ConfigMap>("a", "default");
        Assert.That(link.Accepted, Is.EqualTo(1), "both on one HTTP/2 connection");

        api.Store.BreakWatches(KnownFaults.GoAway);
        api.Store.Put("default/a", "2");
        await watch.MoveNextAsync();
        Assert.That(watch.Current.Object.Data!["v"], Is.EqualTo("2"));
        await client.GetAsync<V1ConfigMap>("a", "default");
        api.Store.Put("default/a", "3");
        await watch.MoveNextAsync();

        Assert.That(watch.Current.Object.Data!["v"], Is.EqualTo("3"));
        Assert.That(link.Accepted, Is.EqualTo(2));
    }

    private async Task<IAsyncEnumerator<WatchEvent<V1ConfigMap>>> OpenAsync(string fromVersion = "0", CancellationToken cancellationToken = default)
    {
        var watch = _client.WatchAsync<V1ConfigMap>("default", resourceVersion: fromVersion, cancellationToken: cancellationToken).GetAsyncEnumerator(cancellationToken);
        await watch.MoveNextAsync();
        return watch;
    }

    private async Task<List<WatchEvent<V1ConfigMap>>> TakeAllAsync()
    {
        var events = new List<WatchEvent<V1ConfigMap>>();
        await foreach (var change in _client.WatchAsync<V1ConfigMap>("default", resourceVersion: "0"))
        {
            events.Add(change);
        }

        return events;
    }
}
