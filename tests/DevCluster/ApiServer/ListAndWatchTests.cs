using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer;

namespace ModelOperator.DevCluster.Tests.ApiServer;

[TestFixture]
internal sealed class ListAndWatchTests : ClusterTests
{
    [TestCase("app=a", "one two")]
    [TestCase("app!=a", "three")]
    [TestCase("app in (a,b),tier", "one")]
    [TestCase("app notin (a)", "three")]
    [TestCase("!tier", "three two")]
    public async Task A_label_selector_picks(string selector, string expected)
    {
        await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("one", labels: """{"app":"a","tier":"x"}"""));
        await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("two", labels: """{"app":"a"}"""));
        await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("three"));

        var list = await Cluster.GetAsync($"{Core}/configmaps?labelSelector={Uri.EscapeDataString(selector)}");

        Assert.That(Names(list), Is.EqualTo(expected));
    }

    [Test]
    public async Task A_paged_list_shows_the_world_of_its_first_page()
    {
        foreach (var name in (string[])["a", "b", "c"])
        {
            await Cluster.PostAsync($"{Core}/configmaps", ConfigMap(name));
        }

        var first = await Cluster.GetAsync($"{Core}/configmaps?limit=2");
        await Cluster.DeleteAsync($"{Core}/configmaps/c");

        var token = first.At("metadata", "continue")!.GetValue<string>();
        var second = await Cluster.GetAsync($"{Core}/configmaps?limit=2&continue={Uri.EscapeDataString(token)}");

        Assert.That((Names(first), Names(second)), Is.EqualTo(("a b", "c")));
        Assert.That(first.At("metadata", "remainingItemCount")!.GetValue<int>(), Is.EqualTo(1));
        Assert.That(second.At("metadata", "continue"), Is.Null);
    }

    [Test]
    public async Task A_list_of_exactly_one_version_undoes_what_came_later()
    {
        await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("a"));
        var before = await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("b"));
        await Cluster.DeleteAsync($"{Core}/configmaps/a");
        await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("c"));

        var list = await Cluster.GetAsync($"{Core}/configmaps?resourceVersion={before.Version}&resourceVersionMatch=Exact");

        Assert.That((Names(list), list.Version), Is.EqualTo(("a b", before.Version)));
    }

    [Test]
    public async Task Items_of_a_built_in_list_do_not_repeat_their_kind()
    {
        await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("a"));

        var item = (await Cluster.GetAsync($"{Core}/configmaps")).Json!["items"]![0]!;

        Assert.That((item["kind"], item["apiVersion"], item["data"]!["a"]!.GetValue<string>()), Is.EqualTo(((JsonNode?)null, (JsonNode?)null, "1")));
    }

    [Test]
    public async Task A_field_that_cannot_be_selected_by_is_refused()
    {
        Assert.That(
            (await Cluster.GetAsync($"{Core}/configmaps?fieldSelector=data.a%3D1")).Message,
            Is.EqualTo("\"data.a\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""));
    }

    [Test]
    public async Task A_watch_continues_where_a_list_ended()
    {
        var list = await Cluster.GetAsync($"{Core}/configmaps");
        await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("cm"));
        await Cluster.MergeAsync($"{Core}/configmaps/cm", """{"data":{"a":"2"}}""");
        await Cluster.DeleteAsync($"{Core}/configmaps/cm");

        using var watch = await Cluster.WatchAsync($"{Core}/configmaps?resourceVersion={list.Version}");

        Assert.That(await watch.NextLineAsync(), Is.EqualTo("ADDED cm"));
        Assert.That(await watch.NextLineAsync(), Is.EqualTo("MODIFIED cm"));
        Assert.That(await watch.NextLineAsync(), Is.EqualTo("DELETED cm"));
    }

    [Test]
    public async Task An_object_that_leaves_a_selector_is_deleted_for_its_watch()
    {
        await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("cm", labels: """{"app":"a"}"""));
        using var watch = await Cluster.WatchAsync($"{Core}/configmaps?labelSelector=app%3Da");
        Assert.That(await watch.NextLineAsync(), Is.EqualTo("ADDED cm"));

        await Cluster.MergeAsync($"{Core}/configmaps/cm", """{"metadata":{"labels":{"app":"b"}}}""");
        Assert.That(await watch.NextLineAsync(), Is.EqualTo("DELETED cm"));
        await Cluster.MergeAsync($"{Core}/configmaps/cm", """{"metadata":{"labels":{"app":"a"}}}""");
        Assert.That(await watch.NextLineAsync(), Is.EqualTo("ADDED cm"));
    }

    [Test]
    public async Task Initial_events_end_with_a_bookmark()
    {
        await Cluster.PostAsync($"{Core}/configmaps", ConfigMap("cm"));

        using var watch = await Cluster.WatchAsync(
            $"{Core}/configmaps?sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true");

        Assert.That(await watch.NextLineAsync(), Is.EqualTo("ADDED cm"));
        var (type, obj) = (await watch.NextAsync())!.Value;
        Assert.That(type, Is.EqualTo("BOOKMARK"));
        Assert.That(obj["metadata"]!["annotations"]!["k8s.io/initial-events-end"]!.GetValue<string>(), Is.EqualTo("true"));
    }

    [Test]
    public async Task A_watch_from_a_compacted_revision_gets_410_in_the_stream()
    {
        await using var cluster = await TestCluster.StartAsync(new ApiServerOptions { HistoryLength = 3 });
        const string Path = "/api/v1/namespaces/default/configmaps";
        var list = await cluster.GetAsync(Path);
        for (var i = 0; i < 5; i++)
        {
            await cluster.PostAsync(Path, ConfigMap($"cm{i}"));
        }

        using var watch = await cluster.WatchAsync($"{Path}?resourceVersion={list.Version}");

        var (type, status) = (await watch.NextAsync())!.Value;
        Assert.That((type, status["code"]!.GetValue<int>(), status["reason"]!.GetValue<string>()), Is.EqualTo(("ERROR", 410, "Expired")));
        Assert.That(await watch.NextAsync(), Is.Null);
    }

    [Test]
    public async Task A_watch_ends_at_its_timeout_with_a_bookmark()
    {
        using var watch = await Cluster.WatchAsync($"{Core}/configmaps?timeoutSeconds=1&allowWatchBookmarks=true&resourceVersion={(await Cluster.GetAsync($"{Core}/configmaps")).Version}");

        Assert.That(await watch.NextLineAsync(), Is.EqualTo("BOOKMARK"));
        Assert.That(await watch.NextAsync(), Is.Null);
    }

    [Test]
    public async Task A_table_has_the_columns_and_cells_of_kubectl()
    {
        await Cluster.PostAsync($"{Core}/pods", Pod("p"));

        var table = await Cluster.GetAsync($"{Core}/pods", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");

        Assert.That(string.Join(" ", table.Json!["columnDefinitions"]!.AsArray().Select(column => column!["name"])),
            Is.EqualTo("Name Ready Status Restarts Age IP Node Nominated Node Readiness Gates"));
        Assert.That(string.Join(" ", table.Json["rows"]![0]!["cells"]!.AsArray().Take(4)), Is.EqualTo("p 0/1 Pending 0"));
        Assert.That(table.Json["rows"]![0]!["object"]!["kind"]!.GetValue<string>(), Is.EqualTo("PartialObjectMetadata"));
    }

    private static string Names(Answer list) => string.Join(" ", list.Json!["items"]!.AsArray().Select(item => item!["metadata"]!["name"]));
}
