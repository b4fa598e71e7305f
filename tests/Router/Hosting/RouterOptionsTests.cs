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

    private static RouterOptions From(params (string Key, string Value)[] settings) => RouterOptions.From(
        new ConfigurationBuilder().AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value))).Build());
}
