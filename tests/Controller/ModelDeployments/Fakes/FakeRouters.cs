using System.Net;
using ModelOperator.Api.ModelRoutes;

namespace ModelOperator.Controller.Tests.ModelDeployments.Fakes;

/// <summary>Routers that serve what is written at once, unless told to lag.</summary>
internal sealed class FakeRouters(FakeCluster cluster) : HttpMessageHandler
{
    public bool Lag { get; set; }

    public List<Uri> Asked { get; } = [];

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Asked.Add(request.RequestUri!);
        var generation = cluster.All<V1Alpha1ModelRoute>().Single().Metadata.Generation - (Lag ? 1 : 0);
        return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent($$"""{"generation": {{generation}}}""") });
    }
}
