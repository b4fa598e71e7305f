using System.CommandLine;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Watching;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Cli.Steering;

/// <summary><c>promote</c>, <c>abort</c>, <c>retry</c>, <c>pause</c>, <c>resume</c> and <c>rollback</c>.</summary>
internal static class SteeringCommand
{
    private const string DefaultPatience = "30s";

    /// <summary>All of them.</summary>
    public static IEnumerable<Command> CreateAll(Calls calls) =>
    [
        Create(calls, SteeringVerb.Promote, "Ends the step under way, or the bake, now."),
        Create(calls, SteeringVerb.Abort, "Takes the traffic back from the revision on trial."),
        Create(calls, SteeringVerb.Retry, "Tries the revision again that the spec asks for and that was rolled back."),
        Create(calls, SteeringVerb.Pause, "Holds the rollout where it is (spec.rollout.paused); failures are still acted on."),
        Create(calls, SteeringVerb.Resume, "Lets a paused rollout go on."),
        Create(calls, SteeringVerb.Rollback, "Serves a revision of the history again, until the spec changes."),
    ];

    private static Command Create(Calls calls, SteeringVerb verb, string description)
    {
        var name = calls.Deployment();
        var reason = new Option<string?>("--reason") { Description = "Why; goes into the record.", HelpName = "text" };
        var step = new Option<int?>("--expect-step") { Description = "Does nothing unless this step is under way, counted from 1.", HelpName = "number" };
        var to = new Option<string?>("--to") { Description = "The ModelRevision; default: the one that was stable before.", HelpName = "revision" };
        var noWait = new Option<bool>("--no-wait") { Description = "Ends when it is written, before the operator has followed it." };
        var timeout = new Option<string>("--timeout") { Description = $"How long to wait for the operator; default: {DefaultPatience}.", HelpName = "duration", DefaultValueFactory = _ => DefaultPatience };
        var command = new Command(verb.ToString().ToLowerInvariant(), description) { name, step, noWait, timeout };
        if (verb is not SteeringVerb.Pause)
        {
            command.Add(reason);
        }

        if (verb is SteeringVerb.Rollback)
        {
            command.Add(to);
        }

        calls.Handle(command, async (line, cluster, screen, cancellationToken) =>
        {
            var patience = Waiting.Read("--timeout", line.GetValue(timeout));
            var view = await cluster.ViewAsync(line.GetRequiredValue(name), cancellationToken);
            var why = verb is SteeringVerb.Pause ? null : line.GetValue(reason);
            var order = SteeringRules.Decide(verb, view, line.GetValue(step), verb is SteeringVerb.Rollback ? line.GetValue(to) : null);
            var sender = new OrderSender(cluster, screen.Surroundings.Time);
            var written = await sender.WriteAsync(view.Deployment, order, why, cancellationToken);
            if (line.GetValue(noWait))
            {
                screen.Write($"{view.Deployment.Name()}: {Say(order)} is written");
                return ExitCode.Ok;
            }

            return await Waiting.WithinAsync(
                patience,
                screen.Surroundings.Time,
                async token =>
                {
                    var answer = await sender.AwaitAsync(written, order, token);
                    screen.Write($"{view.Deployment.Name()}: {answer}");
                    return ExitCode.Ok;
                },
                () => $"the operator has not followed \"{Say(order)}\" within {Duration.Format(patience!.Value)}; it will when it runs again. {Undo(view.Deployment, order)}",
                cancellationToken);
        });
        return command;
    }

    private static string Say(SteeringOrder order) => order switch
    {
        SteeringOrder.Command command => $"{command.Verb} {command.Revision}{(command.Step is { } step ? $"@{step}" : "")}",
        SteeringOrder.Hold { Paused: true } => "pause",
        _ => "resume",
    };

    private static string Undo(V1Alpha1ModelDeployment deployment, SteeringOrder order) => order is SteeringOrder.Command command
        ? $"To take it back: kubectl annotate mdep {deployment.Name()} -n {deployment.Namespace()} {command.Annotation}-"
        : "";
}
