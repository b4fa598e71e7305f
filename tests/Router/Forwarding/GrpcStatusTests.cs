using ModelOperator.Router.Forwarding;

namespace ModelOperator.Router.Tests.Forwarding;

internal sealed class GrpcStatusTests
{
    [TestCase("application/grpc", true)]
    [TestCase("application/grpc+proto", true)]
    [TestCase("application/grpc; charset=utf-8", true)]
    [TestCase("application/grpc-web", false)]
    [TestCase("application/json", false)]
    [TestCase(null, false)]
    public void A_content_type_tells_gRPC(string? contentType, bool isGrpc) => Assert.That(GrpcStatus.IsGrpc(contentType), Is.EqualTo(isGrpc));

    [TestCase("1H", 3600_000.0)]
    [TestCase("2M", 120_000.0)]
    [TestCase("3S", 3000.0)]
    [TestCase("250m", 250.0)]
    [TestCase("500u", 0.5)]
    [TestCase("99999999S", 99999999_000.0)]
    [TestCase("1", null)]
    [TestCase("S", null)]
    [TestCase("-1S", null)]
    [TestCase("123456789S", null)]
    [TestCase("1x", null)]
    [TestCase("", null)]
    [TestCase(null, null)]
    public void A_callers_deadline_is_read(string? text, double? milliseconds) =>
        Assert.That(GrpcStatus.ParseTimeout(text)?.TotalMilliseconds, Is.EqualTo(milliseconds));
}
