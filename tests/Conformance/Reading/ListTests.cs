using System.Net;
using ModelOperator.Conformance.Tests.Harness;

namespace ModelOperator.Conformance.Tests.Reading;

/// <summary>Lists: consistency, pages, selectors.</summary>
[TestFixture]
internal sealed class ListTests : ConformanceTest
{
    private const string Mine = "configmaps?labelSelector=app";

    [Test]
    public async Task A_list_says_what_it_is_and_of_which_version()
    {
        await Created("configmaps", Manifests.ConfigMap("a", labels: """{"app":"x"}"""));

        var list = Answered(200, await Get(Mine));

        Assert.That((list["kind"], list["apiVersion"], list["metadata.resourceVersion"]), Is.EqualTo(("ConfigMapList", "v1", list.Version)));
        Assert.That(list.Version, Does.Match("^[1-9][0-9]*$"));
        Assert.That((list["items[0].kind"], list["items[0].apiVersion"]), Is.EqualTo(((string?)null, (string?)null)), "built-in items do not repeat their kind");
    }

    [Test]
    public async Task A_list_is_ordered_by_name()
    {
        await CreateAsync("b", "c", "a");

        Assert.That((await Get(Mine)).Items, Is.EqualTo(new[] { "a", "b", "c" }));
    }

    [Test]
    public async Task An_empty_list_has_items() => Assert.That((await Get("leases"))["items"], Is.EqualTo("[]"));

    [Test]
    public async Task Pages_together_are_the_list()
    {
        await CreateAsync("a", "b", "c", "d", "e");

        var first = await Get($"{Mine}&limit=2");
        var second = await Get($"{Mine}&limit=2&continue={first["metadata.continue"]}");
        var third = await Get($"{Mine}&limit=2&continue={second["metadata.continue"]}");

        Assert.That(first.Items.Concat(second.Items).Concat(third.Items), Is.EqualTo(new[] { "a", "b", "c", "d", "e" }));
        Assert.That((first["metadata.continue"] is { Length: > 0 }, third["metadata.continue"]), Is.EqualTo((true, (string?)null)));
    }

    [Test]
    public async Task A_page_without_selector_tells_how_many_remain()
    {
        await CreateAsync("a", "b", "c");
        await Created("leases", """{"metadata":{"name":"a"}}""");
        await Created("leases", """{"metadata":{"name":"b"}}""");
        await Created("leases", """{"metadata":{"name":"c"}}""");

        Assert.That((await Get("leases?limit=1"))["metadata.remainingItemCount"], Is.EqualTo("2"));
        Assert.That((await Get($"{Mine}&limit=1"))["metadata.remainingItemCount"], Is.Null);
    }

    [Test]
    public async Task Later_pages_show_the_list_as_it_was_at_the_first()
    {
        await CreateAsync("a", "c", "d");
        var first = await Get($"{Mine}&limit=1");
        await CreateAsync("b");
        await Delete("configmaps/d");

        var rest = await Get($"{Mine}&continue={first["metadata.continue"]}");

        Assert.That((string.Join(",", rest.Items), rest.Version), Is.EqualTo(("c,d", first.Version)));
    }

    [Test]
    public async Task A_continue_token_that_is_none_is_refused()
    {
        var reply = await Get("configmaps?limit=1&continue=nonsense");

        Assert.That((reply.Code, reply.Reason), Is.EqualTo((400, "BadRequest")));
        Assert.That(reply.Message, Does.StartWith("invalid continue token: continue key is not valid: "));
    }

    [Test]
    public async Task A_continue_token_with_a_version_is_refused()
    {
        await CreateAsync("a", "b");
        var first = await Get($"{Mine}&limit=1");

        BadRequest(
            await Get($"{Mine}&limit=1&resourceVersion=1&continue={first["metadata.continue"]}"),
            "specifying resource version is not allowed when using continue");
    }

    [Test]
    public async Task A_list_at_a_version_of_the_future_times_out()
    {
        var reply = await Get("configmaps?resourceVersion=900000000000&resourceVersionMatch=NotOlderThan");

        Assert.That((reply.Code, reply.Reason, reply["details.causes[0].reason"]), Is.EqualTo((504, "Timeout", "ResourceVersionTooLarge")));
        Assert.That(reply.Message, Does.Match(@"^Timeout: Too large resource version: 900000000000, current: \d+$"));
    }

    [Test]
    public async Task A_list_at_a_version_is_exactly_of_that_version()
    {
        await CreateAsync("a");
        var then = await Get(Mine);
        await CreateAsync("b");

        var exact = Answered(200, await Get($"{Mine}&resourceVersion={then.Version}&resourceVersionMatch=Exact"));

        Assert.That((string.Join(",", exact.Items), exact.Version), Is.EqualTo(("a", then.Version)));
    }

    [Test]
    public async Task A_match_without_a_version_is_invalid() => Invalid(
        await Get("configmaps?resourceVersionMatch=Exact"),
        "ListOptions.meta.k8s.io \"\" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided");

    [Test]
    public async Task A_version_that_is_no_number_is_invalid()
    {
        var reply = await Get("configmaps?resourceVersion=abc");

        Assert.That((reply.Code, reply.Message), Is.EqualTo((400, "invalid resource version: resourceVersion: Invalid value: \"abc\": strconv.ParseUint: parsing \"abc\": invalid syntax")));
    }

    [TestCase("app=x", "a", TestName = "A label selector by equality")]
    [TestCase("app==x", "a", TestName = "A label selector by double equality")]
    [TestCase("app!=x,app", "b,c", TestName = "A label selector by inequality")]
    [TestCase("app in (x,y)", "a,b", TestName = "A label selector by a set")]
    [TestCase("app notin (x,y),app", "c", TestName = "A label selector by exclusion")]
    [TestCase("tier", "b,c", TestName = "A label selector by presence")]
    [TestCase("!tier,app", "a", TestName = "A label selector by absence")]
    [TestCase("size>1", "c", TestName = "A label selector by a number above")]
    [TestCase("size<2", "b", TestName = "A label selector by a number below")]
    [TestCase("app=x,app=y", "", TestName = "A label selector of contradictions")]
    public async Task Selected_by_label(string selector, string names)
    {
        await Created("configmaps", Manifests.ConfigMap("a", labels: """{"app":"x"}"""));
        await Created("configmaps", Manifests.ConfigMap("b", labels: """{"app":"y","tier":"1","size":"1"}"""));
        await Created("configmaps", Manifests.ConfigMap("c", labels: """{"app":"z","tier":"","size":"2"}"""));

        Assert.That((await Get($"configmaps?labelSelector={WebUtility.UrlEncode(selector)}")).Items, Is.EqualTo(names.Split(',', StringSplitOptions.RemoveEmptyEntries)));
    }

    [Test]
    public async Task A_label_selector_that_cannot_be_parsed_is_refused() => BadRequest(
        await Get("configmaps?labelSelector=" + WebUtility.UrlEncode("app in x")),
        "unable to parse requirement: found 'x' expected: '('");

    [Test]
    public async Task A_field_selector_by_name()
    {
        await CreateAsync("a", "b");

        Assert.That((await Get("configmaps?fieldSelector=metadata.name%3Db")).Items, Is.EqualTo(new[] { "b" }));
        Assert.That((await Get($"{Mine}&fieldSelector=metadata.name!%3Db")).Items, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task A_field_selector_by_namespace_over_all_namespaces()
    {
        await CreateAsync("a");

        Assert.That((await Get("/api/v1/configmaps?labelSelector=app&fieldSelector=metadata.namespace%3DNAMESPACE")).Items, Is.EqualTo(new[] { "a" }));
    }

    [Test]
    public async Task A_field_selector_by_what_cannot_be_selected_is_refused() => BadRequest(
        await Get("configmaps?fieldSelector=data.a%3Db"),
        "\"data.a\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");

    [Test]
    public async Task A_limit_that_is_no_number_is_refused()
    {
        var reply = await Get("configmaps?limit=many");

        Assert.That((reply.Code, reply.Reason), Is.EqualTo((400, "BadRequest")));
        Assert.That(reply.Message, Does.Contain("strconv.ParseInt: parsing \"many\": invalid syntax"));
    }

    [Test]
    public async Task A_list_over_all_namespaces_has_those_of_each()
    {
        await Created("configmaps", Manifests.ConfigMap("everywhere", labels: $$$$"""{"{{{{Namespace}}}}":"x"}"""));

        var list = await Get($"/api/v1/configmaps?labelSelector={Namespace}");

        Assert.That((string.Join(",", list.Items), list["items[0].metadata.namespace"]), Is.EqualTo(("everywhere", Namespace)));
    }

    [Test]
    public async Task A_namespace_that_does_not_exist_lists_as_empty() =>
        Assert.That(Answered(200, await Get("/api/v1/namespaces/no-NAMESPACE/configmaps")).Items, Is.Empty);

    private async Task CreateAsync(params string[] names)
    {
        foreach (var name in names)
        {
            await Created("configmaps", Manifests.ConfigMap(name, labels: """{"app":"x"}"""));
        }
    }
}
