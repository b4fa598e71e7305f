using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.ApiServer.Access;

/// <summary>Who asks.</summary>
/// <param name="Name">Such as <c>system:serviceaccount:NAMESPACE:NAME</c>.</param>
/// <param name="Uid">Empty where there is none.</param>
/// <param name="Groups">The groups it is in.</param>
internal sealed record UserInfo(string Name, string Uid, IReadOnlyList<string> Groups)
{
    public const string Masters = "system:masters";
    public const string Authenticated = "system:authenticated";
    private const string ServiceAccounts = "system:serviceaccounts";

    /// <summary>Whoever has the cluster's own token.</summary>
    public static UserInfo Admin { get; } = new("devcluster-admin", "", [Masters, Authenticated]);

    /// <summary>The server itself.</summary>
    public static UserInfo ApiServer { get; } = new("system:apiserver", "", [Masters, Authenticated]);

    public static UserInfo ServiceAccount(string namespaceName, string name, string uid) =>
        new($"system:serviceaccount:{namespaceName}:{name}", uid, [ServiceAccounts, $"{ServiceAccounts}:{namespaceName}", Authenticated]);

    /// <summary>As reviews show it.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject { ["username"] = Name };
        if (Uid.Length > 0)
        {
            json["uid"] = Uid;
        }

        json["groups"] = new JsonArray([.. Groups.Select(group => JsonValue.Create(group))]);
        return json;
    }
}
