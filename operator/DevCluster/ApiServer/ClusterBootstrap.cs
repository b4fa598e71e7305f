using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Access;
using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Json;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Resources;

namespace ModelOperator.DevCluster.ApiServer;

/// <summary>The objects that an API server makes for itself: the system's namespaces and the Service by which pods reach it.</summary>
internal sealed class ClusterBootstrap(ObjectWriter writer)
{
    private static readonly string[] Namespaces = ["default", "kube-node-lease", "kube-public", "kube-system"];

    public async Task CreateNamespacesAsync(CancellationToken cancellationToken)
    {
        foreach (var name in Namespaces)
        {
            await CreateAsync(BuiltInKinds.Namespace, null, new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } }, cancellationToken);
        }
    }

    public async Task CreateRolesAsync(CancellationToken cancellationToken)
    {
        foreach (var role in BootstrapRoles.ClusterRoles)
        {
            await CreateAsync(BuiltInKinds.ClusterRole, null, role.Copy(), cancellationToken);
        }

        foreach (var binding in BootstrapRoles.ClusterRoleBindings)
        {
            await CreateAsync(BuiltInKinds.ClusterRoleBinding, null, binding.Copy(), cancellationToken);
        }
    }

    /// <param name="address">Where the server listens.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task CreateServiceAsync(Uri address, CancellationToken cancellationToken)
    {
        var labels = new JsonObject { ["component"] = "apiserver", ["provider"] = "kubernetes" };
        var service = new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "kubernetes", ["labels"] = labels },
            ["spec"] = new JsonObject
            {
                ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = 443L, ["targetPort"] = (long)address.Port, ["protocol"] = "TCP" }),
            },
        };
        await CreateAsync(BuiltInKinds.Service, "default", service, cancellationToken);
        var slice = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["name"] = "kubernetes",
                ["labels"] = new JsonObject { ["kubernetes.io/service-name"] = "kubernetes" },
            },
            ["addressType"] = "IPv4",
            ["endpoints"] = new JsonArray(new JsonObject
            {
                ["addresses"] = new JsonArray(address.Host),
                ["conditions"] = new JsonObject { ["ready"] = true },
            }),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = (long)address.Port, ["protocol"] = "TCP" }),
        };
        await CreateAsync(BuiltInKinds.EndpointSlice, "default", slice, cancellationToken);
    }

    private async Task CreateAsync(ResourceKind kind, string? ns, JsonObject obj, CancellationToken cancellationToken)
    {
        var request = new WriteRequest(kind, ns, null, "", WriteOptions.Internal);
        ObjectDecoder.Decode(obj, request, []);
        await writer.CreateAsync(request, obj, cancellationToken);
    }
}
