using ModelOperator.DevCluster.ApiServer.Http;

namespace ModelOperator.DevCluster.ApiServer.Access;

/// <summary>Lets through what is allowed and refuses the rest with the words of the API.</summary>
internal sealed class AccessGate(IAuthorizer authorizer)
{
    /// <exception cref="ApiException">It is not allowed.</exception>
    public void Require(AccessAttributes wanted)
    {
        var decision = authorizer.Decide(wanted);
        if (!decision.Allowed)
        {
            throw ApiErrors.Forbidden(wanted, decision.Reason);
        }
    }

    /// <summary>An apply that finds no object creates one, which is a right of its own.</summary>
    public void RequireCreate(Resources.WriteRequest request) => Require(new AccessAttributes(request.Options.User, "create")
    {
        Group = request.Kind.Group,
        Resource = request.Kind.Plural,
        Namespace = request.Namespace ?? "",
        Name = request.Name ?? "",
    });
}
