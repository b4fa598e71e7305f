using System.Text.Json;

namespace ModelOperator.EndToEnd.Tests.Install;

/// <summary>What the product's service accounts asked the API for, by the cluster's audit log.</summary>
/// <param name="Allowed">Verb, group and resource, such as <c>patch apps/deployments</c>, of what they got.</param>
/// <param name="Refused">The same of what they did not get, with the account and the namespace.</param>
internal sealed record UsedRights(IReadOnlySet<string> Allowed, IReadOnlySet<string> Refused)
{
    private const string Accounts = "system:serviceaccount:modeloperator-system:";

    public static UsedRights Read(string auditLog)
    {
        var (allowed, refused) = (new HashSet<string>(), new HashSet<string>());
        using var reader = new StreamReader(new FileStream(auditLog, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        while (reader.ReadLine() is { } line)
        {
            var entry = JsonDocument.Parse(line).RootElement;
            var user = entry.GetProperty("user").GetProperty("username").GetString()!;
            if (!user.StartsWith(Accounts, StringComparison.Ordinal))
            {
                continue;
            }

            var about = entry.GetProperty("objectRef");
            string Text(string name) => about.GetProperty(name).GetString()!;
            var resource = Text("subresource").Length == 0 ? Text("resource") : $"{Text("resource")}/{Text("subresource")}";
            var right = $"{entry.GetProperty("verb").GetString()} {Text("apiGroup")}/{resource}";
            if (entry.GetProperty("annotations").GetProperty("authorization.k8s.io/decision").GetString() == "allow")
            {
                allowed.Add($"{user[Accounts.Length..]} {right}");
            }
            else
            {
                refused.Add($"{user[Accounts.Length..]} {right} in namespace '{Text("namespace")}'");
            }
        }

        return new UsedRights(allowed, refused);
    }
}
