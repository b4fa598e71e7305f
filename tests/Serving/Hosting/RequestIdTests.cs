using ModelOperator.Serving.Hosting;

namespace ModelOperator.Serving.Tests.Hosting;

internal sealed class RequestIdTests
{
    [Test]
    public void Ids_are_32_hexadecimal_digits_and_differ_within_a_process_and_between_two()
    {
        var (one, other) = (new RequestIds(), new RequestIds());
        string[] ids = [one.Next(), one.Next(), other.Next(), other.Next()];

        Assert.That(ids, Is.Unique.And.All.Match("^[0-9a-f]{32}$"));
    }
}
