using ModelOperator.Judgement.Verdicts;

namespace ModelOperator.Controller.Tests.Analysis.Verdicts;

internal sealed class ValueTextTests
{
    [TestCase(0.0, "Share", "0%")]
    [TestCase(0.01, "Share", "1%")]
    [TestCase(0.230769, "Share", "23.1%")]
    [TestCase(0.00012345, "Share", "0.0123%")]
    [TestCase(1.0, "Share", "100%")]
    [TestCase(0.0, "Seconds", "0s")]
    [TestCase(0.0008501, "Seconds", "850us")]
    [TestCase(0.4123, "Seconds", "412ms")]
    [TestCase(1.2345, "Seconds", "1.23s")]
    [TestCase(60.0, "Seconds", "60s")]
    [TestCase(1234567.0, "Number", "1234567")]
    [TestCase(-0.8712, "Number", "-0.871")]
    [TestCase(1.5e-9, "Number", "1.5E-09")]
    public void Values_are_written_compactly(double value, string unit, string expected) =>
        Assert.That(ValueText.Format(value, Enum.Parse<ValueUnit>(unit)), Is.EqualTo(expected));

    [TestCase(null, 0.25, "Seconds", "<= 250ms")]
    [TestCase(0.5, null, "Number", ">= 0.5")]
    [TestCase(0.5, 2.0, "Number", ">= 0.5 and <= 2")]
    [TestCase(null, 0.012345, "Share", "<= 1.2345%")]
    public void Bounds_are_written_exactly(double? min, double? max, string unit, string expected) =>
        Assert.That(new Bound(min, max).Describe(Enum.Parse<ValueUnit>(unit)), Is.EqualTo(expected));
}
