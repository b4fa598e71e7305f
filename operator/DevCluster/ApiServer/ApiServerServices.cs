using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.CustomResources;
using ModelOperator.DevCluster.ApiServer.Discovery;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Kinds.Strategies;
using ModelOperator.DevCluster.ApiServer.OpenApi;
using ModelOperator.DevCluster.ApiServer.Resources;
using ModelOperator.DevCluster.ApiServer.Storage;

namespace ModelOperator.DevCluster.ApiServer;

/// <summary>The parts of one server, put together.</summary>
internal sealed class ApiServerServices : IDisposable
{
    private static readonly string[] InitialNamespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    private readonly KubeletProxy _kubelet;

    public ApiServerServices(ApiServerOptions options, string token, TimeProvider time)
    {
        Store = new ObjectStore(options.HistoryLength);
        Kinds = new KindRegistry(BuiltInKinds.Kinds);
        _kubelet = new KubeletProxy(Store, token, options.KubeletCertificate);
        var context = new StrategyContext(time, new ServiceAddressPool(options.Slot));
        var reader = new ObjectReader(Store);
        var writer = new ObjectWriter(Store, context, new CustomResourceRegistrar(Kinds, Store));
        Resources = new ResourceEndpoint(
            Store,
            reader,
            writer,
            new ObjectPatcher(Store, writer, context),
            new ObjectDeleter(Store, writer, time),
            new SubresourceEndpoint(reader, writer, _kubelet, time),
            time);
        Discovery = new DiscoveryEndpoint(Kinds);
        OpenApi = new OpenApiEndpoint(Kinds);
        foreach (var name in InitialNamespaces)
        {
            CreateNamespace(writer, name);
        }
    }

    public ObjectStore Store { get; }

    public KindRegistry Kinds { get; }

    public ResourceEndpoint Resources { get; }

    public DiscoveryEndpoint Discovery { get; }

    public OpenApiEndpoint OpenApi { get; }

    public void Dispose() => _kubelet.Dispose();

    private static void CreateNamespace(ObjectWriter writer, string name)
    {
        var options = new WriteOptions("kube-apiserver", false, false, FieldValidation.Strict, []);
        var obj = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Namespace", ["metadata"] = new JsonObject { ["name"] = name } };
        writer.Create(new WriteRequest(BuiltInKinds.Namespace, null, null, "", options), obj);
    }
}
