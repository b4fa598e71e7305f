using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Reading;

/// <summary>Watches: every change, once, in order, from where the client says.</summary>
[TestFixture]
internal sealed class WatchTests : ConformanceTest
{
    private const string Mine = "configmaps?labelSelector=app";

    [Test]
    public async Task A_watch_from_a_list_tells_each_change_after_it()
    {
        await CreateAsync("before");
        var list = await Get(Mine);
        using var watch = await WatchFrom($"{Mine}&resourceVersion={list.Version}");

        await CreateAsync("a");
        var changed = await MergePatch("configmaps/a", """{"data":{"k":"v"}}""");
        await Delete("configmaps/a");

        Assert.That((await watch.NextAsync())?.ToString(), Is.EqualTo("ADDED a"));
        var modified = await watch.NextAsync();
        Assert.That((modified?.ToString(), modified?["metadata.resourceVersion"]), Is.EqualTo(("MODIFIED a", changed.Version)));
        Assert.That((await watch.NextAsync())?.ToString(), Is.EqualTo("DELETED a"));
    }

    [Test]
    public async Task A_watch_from_a_version_tells_what_happened_since()
    {
        var first = await CreateAsync("a");
        await CreateAsync("b");
        await MergePatch("configmaps/a", """{"data":{"k":"v"}}""");

        using var watch = await WatchFrom($"{Mine}&resourceVersion={first.Version}");

        Assert.That((await watch.NextAsync())?.ToString(), Is.EqualTo("ADDED b"));
        Assert.That((await watch.NextAsync())?.ToString(), Is.EqualTo("MODIFIED a"));
    }

    [Test]
    public async Task A_watch_without_a_version_begins_with_what_is_there()
    {
        await CreateAsync("a");
        await CreateAsync("b");

        using var watch = await WatchFrom(Mine);

        Assert.That(new[] { (await watch.NextAsync())?.ToString(), (await watch.NextAsync())?.ToString() }, Is.EquivalentTo(new[] { "ADDED a", "ADDED b" }));
        await CreateAsync("c");
        Assert.That((await watch.NextAsync())?.ToString(), Is.EqualTo("ADDED c"));
    }

    [Test]
    public async Task The_object_of_an_event_says_its_kind()
    {
        var created = await CreateAsync("a");
        using var watch = await WatchFrom(Mine);

        var added = await watch.NextAsync();

        Assert.That((added?["kind"], added?["apiVersion"], added?["metadata.uid"]), Is.EqualTo(("ConfigMap", "v1", created["metadata.uid"])));
    }

    [Test]
    public async Task A_deletion_carries_the_last_state_and_a_version_of_its_own()
    {
        var created = await CreateAsync("a");
        using var watch = await WatchFrom($"{Mine}&resourceVersion={created.Version}");

        await Delete("configmaps/a");

        var deleted = await watch.NextAsync();
        Assert.That((deleted?.Type, deleted?["metadata.uid"]), Is.EqualTo(("DELETED", created["metadata.uid"])));
        Assert.That(long.Parse(deleted!["metadata.resourceVersion"]!), Is.GreaterThan(long.Parse(created.Version)));
    }

    [Test]
    public async Task An_object_that_leaves_the_selection_is_deleted_to_that_watch_and_added_when_it_comes_back()
    {
        var created = await CreateAsync("a");
        using var watch = await WatchFrom($"{Mine}&resourceVersion={created.Version}");

        await MergePatch("configmaps/a", """{"metadata":{"labels":{"app":null}}}""");
        await MergePatch("configmaps/a", """{"metadata":{"labels":{"app":"y"}}}""");

        Assert.That((await watch.NextAsync())?.ToString(), Is.EqualTo("DELETED a"));
        Assert.That((await watch.NextAsync())?.ToString(), Is.EqualTo("ADDED a"));
    }

    [Test]
    public async Task A_field_selector_watches_one_object()
    {
        using var watch = await WatchFrom("configmaps?fieldSelector=metadata.name%3Db");

        await CreateAsync("a");
        await CreateAsync("b");

        Assert.That((await watch.NextAsync())?.ToString(), Is.EqualTo("ADDED b"));
    }

    [Test]
    public async Task A_watch_ends_when_its_time_is_over()
    {
        using var watch = await WatchFrom("leases?timeoutSeconds=1");

        Assert.That(await watch.ToEndAsync(), Is.Empty);
    }

    [Test]
    public async Task Initial_events_are_followed_by_a_bookmark_that_says_so()
    {
        await CreateAsync("a");
        await CreateAsync("b");

        using var watch = await WatchFrom($"{Mine}&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");

        var events = new[] { (await watch.NextAsync())!, (await watch.NextAsync())! };
        Assert.That(events.Select(e => e.ToString()), Is.EquivalentTo(new[] { "ADDED a", "ADDED b" }));
        var bookmark = await watch.NextAsync();
        Assert.That(
            (bookmark?.Type, bookmark?["kind"], bookmark?["metadata.annotations['k8s.io/initial-events-end']"]),
            Is.EqualTo(("BOOKMARK", "ConfigMap", "true")));
        Assert.That(long.Parse(bookmark!["metadata.resourceVersion"]!), Is.Positive);
        await CreateAsync("c");
        Assert.That((await watch.NextChangeAsync()).ToString(), Is.EqualTo("ADDED c"));
    }

    [Test]
    public async Task Initial_events_of_nothing_are_a_bookmark()
    {
        using var watch = await WatchFrom("leases?sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");

        Assert.That((await watch.NextAsync())?.Type, Is.EqualTo("BOOKMARK"));
    }

    [Test]
    public async Task Initial_events_need_a_match() => Invalid(
        await Get("configmaps?watch=true&sendInitialEvents=true&allowWatchBookmarks=true"),
        "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan");

    [Test]
    public async Task A_watch_from_before_the_history_is_told_so()
    {
        using var watch = await WatchFrom("configmaps?resourceVersion=1&timeoutSeconds=5");

        var events = await watch.ToEndAsync();

        if (events is [{ Type: "ERROR" } error, ..])
        {
            Assert.That((error["kind"], error["code"], error["reason"]), Is.EqualTo(("Status", "410", "Expired")));
            Assert.That(error["message"], Does.StartWith("too old resource version: 1 ("));
        }
        else
        {
            // The history reaches back to the beginning.
            Assert.That(events.Select(e => e.Type), Has.All.AnyOf("ADDED", "MODIFIED", "DELETED"));
        }
    }

    [Test]
    public async Task A_watch_may_be_of_tables()
    {
        await CreateAsync("a");
        using var watch = await WatchFrom(Mine, "application/json;as=Table;v=v1;g=meta.k8s.io");

        var added = await watch.NextAsync();

        Assert.That((added?.Type, added?["kind"], added?["rows[0].cells[0]"]), Is.EqualTo(("ADDED", "Table", "a")));
        Assert.That(added?["columnDefinitions[0].name"], Is.EqualTo("Name"));
        await CreateAsync("b");
        Assert.That((await watch.NextAsync())?["columnDefinitions"], Is.Null.Or.EqualTo("[]"), "only the first event says the columns");
    }

    [Test]
    public async Task A_watch_may_be_of_metadata()
    {
        await CreateAsync("a");
        using var watch = await WatchFrom(Mine, "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io");

        var added = await watch.NextAsync();

        Assert.That((added?["kind"], added?["apiVersion"], added?["metadata.name"], added?["data"]), Is.EqualTo(("PartialObjectMetadata", "meta.k8s.io/v1", "a", (string?)null)));
    }

    [Test]
    public async Task A_watch_over_all_namespaces_tells_of_each()
    {
        using var watch = await WatchFrom($"/api/v1/configmaps?labelSelector={Namespace}");

        await Created("configmaps", Manifests.ConfigMap("a", labels: $$$$"""{"{{{{Namespace}}}}":"x"}"""));

        Assert.That((await watch.NextAsync())?["metadata.namespace"], Is.EqualTo(Namespace));
    }

    [Test]
    public async Task Many_watches_get_every_event_in_order()
    {
        var start = await Get(Mine);
        var watches = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => WatchFrom($"{Mine}&resourceVersion={start.Version}")));

        var expected = Enumerable.Range(0, 20).Select(i => $"c{i:00}").ToList();
        foreach (var name in expected)
        {
            await CreateAsync(name);
        }

        foreach (var watch in watches)
        {
            var seen = new List<string>();
            while (seen.Count < expected.Count)
            {
                seen.Add((await watch.NextChangeAsync())["metadata.name"]!);
            }

            Assert.That(seen, Is.EqualTo(expected));
            watch.Dispose();
        }
    }

    private Task<Reply> CreateAsync(string name) => Created("configmaps", Manifests.ConfigMap(name, labels: """{"app":"x"}"""));
}
