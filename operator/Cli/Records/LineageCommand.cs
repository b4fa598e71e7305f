using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Cli.Cluster;
using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Output;
using ModelOperator.Cli.Watching;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Cli.Records;

/// <summary><c>lineage</c>: from an answer, or a revision, to the bytes, the training run and the data.</summary>
internal static class LineageCommand
{
    private const string DefaultRouterNamespace = "modeloperator-system";

    public static Command Create(Calls calls)
    {
        var subject = new Argument<string>("request-id|revision") { Description = "The x-request-id of an answer, or a ModelRevision." };
        var since = new Option<string>("--since") { Description = "How far back the routers' logs are searched for a request; default: 1h.", DefaultValueFactory = _ => "1h", HelpName = "duration" };
        var routers = new Option<string>("--router-namespace") { Description = $"Where the routers run; default: {DefaultRouterNamespace}.", DefaultValueFactory = _ => DefaultRouterNamespace, HelpName = "namespace" };
        var output = new OutputOption(OutputFormat.Json, OutputFormat.Yaml);
        var command = new Command("lineage", "Says which bytes, training run and data stand behind an answer or a revision.") { subject, since, routers, output };
        calls.Handle(command, async (line, cluster, screen, cancellationToken) =>
        {
            var wanted = line.GetRequiredValue(subject);
            var format = line.GetValue(output);
            if (await cluster.Client.GetAsync<V1Alpha1ModelRevision>(wanted, cluster.Namespace, cancellationToken) is { } revision)
            {
                Write(screen, format, request: null, RevisionFacts.Of(revision));
                return ExitCode.Ok;
            }

            var search = new RequestSearch(cluster, line.GetRequiredValue(routers), Waiting.Read("--since", line.GetRequiredValue(since))!.Value);
            var request = await search.FindAsync(wanted, cancellationToken);
            if (request is null)
            {
                throw new CliException(
                    ExitCode.NotFound,
                    $"{wanted} is neither a ModelRevision of namespace {cluster.Namespace} nor a request in the logs of {search.Routers} router{(search.Routers == 1 ? "" : "s")} of the last {line.GetRequiredValue(since)}");
            }

            var behind = await RevisionOfAsync(cluster, request, cancellationToken);
            Write(screen, format, request, behind is null ? [] : RevisionFacts.Of(behind));
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<V1Alpha1ModelRevision?> RevisionOfAsync(ModelCluster cluster, LoggedRequest request, CancellationToken cancellationToken)
    {
        // The route's key is namespace/name.
        var home = request.Route?.Split('/') is [var space, _] ? space : cluster.Namespace;
        return request.Revision is { } name ? await cluster.Client.GetAsync<V1Alpha1ModelRevision>(name, home, cancellationToken) : null;
    }

    private static void Write(Screen screen, OutputFormat format, LoggedRequest? request, IReadOnlyList<RevisionFact> facts)
    {
        if (format is OutputFormat.Json or OutputFormat.Yaml)
        {
            var document = new JsonObject();
            if (request is not null)
            {
                document["request"] = JsonSerializer.SerializeToNode(request, KubernetesJson.Options);
            }

            document["revision"] = new JsonObject(facts.Select(fact => KeyValuePair.Create(fact.Key, (JsonNode?)JsonValue.Create(fact.Value))));
            Documents.Write(screen, format, document);
            return;
        }

        IEnumerable<RevisionFact> all = request is null ? facts : [.. request.Facts(), .. facts];
        foreach (var fact in all)
        {
            screen.WriteSentence($"{fact.Label}:".PadRight(14), fact.Value);
        }
    }
}
