using ModelOperator.DevCluster.ApiServer.Access;
using ModelOperator.DevCluster.ApiServer.Admission;
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
    private readonly KubeletProxy _kubelet;
    private readonly ServiceAccountTokens _tokens;

    public ApiServerServices(ApiServerOptions options, string token, TimeProvider time)
    {
        Store = new ObjectStore(options.HistoryLength);
        Kinds = new KindRegistry(BuiltInKinds.Kinds);
        _kubelet = new KubeletProxy(Store, token, options.KubeletCertificate);
        var context = new StrategyContext(time, new ServiceAddressPool(options.Slot));
        var reader = new ObjectReader(Store);
        var customResources = new CustomResourceRegistrar(Kinds, Store);
        var committer = new ObjectCommitter(Store, customResources);
        var webhooks = new WebhookAdmission(new WebhookRegistry(Store), new WebhookMatcher(Store), new WebhookClient(Store));
        IAuthorizer authorizer = options.Authorization == AuthorizationMode.Rbac ? new RbacAuthorizer(Store) : new AllowAll();
        Gate = new AccessGate(authorizer);
        _tokens = new ServiceAccountTokens(Store, time);
        Authenticator = new RequestAuthenticator(token, _tokens, Gate);
        Audit = AuditLog.To(options.AuditLogPath, time);
        var admission = new AdmissionChain(new ServiceAccountAdmission(Store), webhooks, new OwnerReferenceAdmission(Gate, Kinds));
        var writer = new ObjectWriter(Store, committer, admission, new AccessReviews(authorizer, Authenticator), context);
        var deleter = new ObjectDeleter(Store, committer, admission, time);
        customResources.DeleteInstance = deleter.DeleteNow;
        Resources = new ResourceEndpoint(
            Store,
            reader,
            writer,
            new ObjectPatcher(Store, writer, Gate, context),
            deleter,
            new SubresourceEndpoint(
                reader,
                writer,
                new PodBinding(writer, context),
                new Eviction(Store, writer, deleter, time),
                _kubelet,
                new TokenRequests(_tokens, time)),
            time);
        Discovery = new DiscoveryEndpoint(Kinds);
        OpenApi = new OpenApiEndpoint(Kinds);
        Bootstrap = new ClusterBootstrap(writer);
    }

    /// <summary>Makes the objects that every cluster begins with.</summary>
    public ClusterBootstrap Bootstrap { get; }

    /// <summary>Finds out who asks.</summary>
    public RequestAuthenticator Authenticator { get; }

    /// <summary>Refuses what is not allowed.</summary>
    public AccessGate Gate { get; }

    /// <summary>Who asked for what.</summary>
    public AuditLog Audit { get; }

    public ObjectStore Store { get; }

    public KindRegistry Kinds { get; }

    public ResourceEndpoint Resources { get; }

    public DiscoveryEndpoint Discovery { get; }

    public OpenApiEndpoint OpenApi { get; }

    public void Dispose()
    {
        _kubelet.Dispose();
        _tokens.Dispose();
        Audit.Dispose();
    }
}
