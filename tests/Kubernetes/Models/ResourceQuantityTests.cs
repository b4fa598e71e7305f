using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Tests.Models;

internal sealed class ResourceQuantityTests
{
    [TestCase("0", 0)]
    [TestCase("2", 2)]
    [TestCase("1.5", 1.5)]
    [TestCase("100m", 0.1)]
    [TestCase("250u", 0.00025)]
    [TestCase("1Ki", 1024)]
    [TestCase("1.5Gi", 1610612736)]
    [TestCase("3M", 3e6)]
    [TestCase("1e3", 1000)]
    [TestCase("12E-1", 1.2)]
    [TestCase("1E", 1e18)]
    [TestCase("-5k", -5000)]
    public void A_quantity_is_read_as_an_amount(string text, decimal amount) =>
        Assert.That(ResourceQuantity.Parse(text).Value, Is.EqualTo(amount));

    [TestCase("")]
    [TestCase("Gi")]
    [TestCase("1GiB")]
    [TestCase("1 Gi")]
    [TestCase("1e")]
    [TestCase("1e99")]
    [TestCase("99999999999999999999E")]
    public void What_is_no_quantity_is_refused_and_quoted(string text) =>
        Assert.That(() => ResourceQuantity.Parse(text), Throws.TypeOf<FormatException>().With.Message.Contains($"\"{text}\""));
}
