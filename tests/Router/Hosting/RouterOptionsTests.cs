using System.Net;
using Microsoft.Extensions.Configuration;
using ModelOperator.Router.Hosting;

namespace ModelOperator.Router.Tests.Hosting;

internal sealed class RouterOptionsTests
{
    [Test]
    public void Nothing_set_is_the_defaults() => Assert.That(From(), Is.EqualTo(new RouterOptions()));

    [Test]
    public void Durations_and_sizes_are_read_in_Kubernetes_notation() =>
        Assert.That(
            From(("ROUTER_NAMESPACE", "models"), ("ROUTER_DRAIN", "1s"), ("ROUTER_CANDIDATE_TIMEOUT", "250ms"), ("ROUTER_REPLAY_BODY", "1Mi"), ("ROUTER_HTTP_PORT", "0")),
            Is.EqualTo(new RouterOptions
            {
                Namespace = "models",
                Drain = TimeSpan.FromSeconds(1),
                CandidateTimeout = TimeSpan.FromMilliseconds(250),
                ReplayBodyBytes = 1 << 20,
                HttpPort = 0,
            }));

    [TestCase("ROUTER_DRAIN", "soon")]
    [TestCase("ROUTER_TIMEOUT", "0s")]
    [TestCase("ROUTER_TIMEOUT", "1000h")]
    [TestCase("ROUTER_MAX_BODY", "-1")]
    [TestCase("ROUTER_REPLAY_BODY", "8Gi")]
    [TestCase("ROUTER_HTTP_PORT", "65536")]
    public void A_malformed_setting_is_refused_with_its_name_and_value(string key, string value) =>
        Assert.That(() => From((key, value)), Throws.TypeOf<FormatException>().With.Message.Contains(key).And.Message.Contains($"\"{value}\""));

    [TestCase("ROUTER_TRUSTED_PROXIES", "10.0.0.0")]
    [TestCase("ROUTER_TRUSTED_PROXIES", "10.0.0.0/8,nonsense")]
    [TestCase("ROUTER_ACCESS_LOG", "yes")]
    [TestCase("ROUTER_MIRROR_CONCURRENCY", "10001")]
    public void A_malformed_network_switch_or_number_is_refused_too(string key, string value) =>
        Assert.That(() => From((key, value)), Throws.TypeOf<FormatException>().With.Message.Contains(key).And.Message.Contains($"\"{value}\""));

    [Test]
    public void Networks_are_read() =>
        Assert.That(
            From(("ROUTER_TRUSTED_PROXIES", "10.0.0.0/8, fd00::/8")).TrustedProxies,
            Is.EqualTo(new[] { IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("fd00::/8") }));

    [TestCase("--tiemout=3s", "unknown flag --tiemout; there are --access-log, ")]
    [TestCase("serve", "unknown flag serve; ")]
    [TestCase("--timeout", "flag --timeout needs a value, as in --timeout=VALUE.")]
    public void A_flag_that_there_is_not_is_refused_in_a_sentence(string flag, string message) =>
        Assert.That(() => RouterOptions.CheckFlags(["--drain", "1s", flag]), Throws.TypeOf<FormatException>().With.Message.StartsWith(message));

    [Test]
    public void Every_flag_is_taken_in_both_forms() =>
        Assert.That(() => RouterOptions.CheckFlags([.. RouterOptions.Flags.Keys.SelectMany(flag => (string[])[flag, "x", $"{flag}=x"])]), Throws.Nothing);

    private static RouterOptions From(params (string Key, string Value)[] settings) => RouterOptions.From(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value))).Build());
}
