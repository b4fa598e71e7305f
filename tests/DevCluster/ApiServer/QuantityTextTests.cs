using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.Tests.ApiServer;

[TestFixture]
internal sealed class QuantityTextTests
{
    [TestCase("1", ExpectedResult = "1")]
    [TestCase("0.5", ExpectedResult = "500m")]
    [TestCase("1000m", ExpectedResult = "1")]
    [TestCase("1500m", ExpectedResult = "1500m")]
    [TestCase("1000", ExpectedResult = "1k")]
    [TestCase("1024Mi", ExpectedResult = "1Gi")]
    [TestCase("1500Mi", ExpectedResult = "1500Mi")]
    [TestCase("0.5Gi", ExpectedResult = "512Mi")]
    [TestCase("1e3", ExpectedResult = "1e3")]
    [TestCase("1E", ExpectedResult = "1E")]
    [TestCase("0", ExpectedResult = "0")]
    [TestCase("-1", ExpectedResult = "-1")]
    [TestCase("0.0000000001", ExpectedResult = "1n")]
    [TestCase("abc", ExpectedResult = null)]
    public string? Quantities_are_written_in_one_way(string text) => QuantityText.Canonical(text);
}
