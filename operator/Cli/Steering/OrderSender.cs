using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ModelOperator.Api.Conventions;
using ModelOperator.Api.ModelDeployments;
using ModelOperator.Api.ModelRevisions;
using ModelOperator.Cli.Cluster;
using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Views;
using ModelOperator.Cli.Watching;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Cli.Steering;

/// <summary>Writes commands and finds out what came of them.</summary>
internal sealed class OrderSender(ModelCluster cluster, TimeProvider time)
{
    private readonly string _id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));

    /// <summary>Writes an order onto the ModelDeployment as it was read, and fails when it has changed since.</summary>
    /// <exception cref="KubernetesException">It has changed, or the caller may not.</exception>
    public Task<V1Alpha1ModelDeployment> WriteAsync(V1Alpha1ModelDeployment deployment, SteeringOrder order, string? reason, CancellationToken cancellationToken)
    {
        var metadata = new JsonObject { ["resourceVersion"] = deployment.Metadata.ResourceVersion };
        var patch = new JsonObject { ["metadata"] = metadata };
        if (order is SteeringOrder.Command command)
        {
            // Without a reason of its own, a command must not get that of the last one.
            metadata["annotations"] = new JsonObject { [command.Annotation] = command.Text(_id), [CommandAnnotations.Reason] = reason };
        }
        else
        {
            patch["spec"] = new JsonObject { ["rollout"] = new JsonObject { ["paused"] = ((SteeringOrder.Hold)order).Paused } };
        }

        return cluster.Client.PatchAsync<V1Alpha1ModelDeployment>(
            deployment.Name(), deployment.Namespace(), PatchType.MergePatch, patch, fieldManager: KubectlModel.Name, cancellationToken: cancellationToken);
    }

    /// <summary>Waits until the operator has dealt with an order; what came of it, in a sentence.</summary>
    /// <exception cref="CliException">The operator refused it.</exception>
    public async Task<string> AwaitAsync(V1Alpha1ModelDeployment written, SteeringOrder order, CancellationToken cancellationToken)
    {
        await foreach (var view in new DeploymentWatch(cluster, time).FollowAsync(written.Name(), withPods: false, tick: null, cancellationToken))
        {
            if (view is null)
            {
                throw new CliException(ExitCode.NotFound, $"{written.Name()} was deleted");
            }

            if (IsDealtWith(view, written, order))
            {
                return order is SteeringOrder.Command command ? await OutcomeAsync(view, command, cancellationToken) : view.Status.Message ?? $"{view.Status.Phase}";
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }

    private bool IsDealtWith(DeploymentView view, V1Alpha1ModelDeployment written, SteeringOrder order) => order is SteeringOrder.Command command
        ? view.Status.Rollout?.Commands?.TryGetValue(command.Verb, out var text) == true && text == command.Text(_id)
        : view.Status.ObservedGeneration >= written.Metadata.Generation;

    private async Task<string> OutcomeAsync(DeploymentView view, SteeringOrder.Command command, CancellationToken cancellationToken)
    {
        // The operator records what it follows before it says that it has dealt with it, and tells in an event why it does not.
        var revision = await cluster.Client.GetAsync<V1Alpha1ModelRevision>(command.Revision, view.Deployment.Namespace(), cancellationToken);
        if (revision?.Status?.Commands?.LastOrDefault(record => record.Command == command.Verb && record.Text == command.Text(_id)) is { } receipt)
        {
            return $"{command.Verb} {command.Revision}{(receipt.Step is { } step ? $" in step {step}" : "")} is followed{(receipt.By is { } by ? $", recorded as by {by}" : "")}; {view.Status.Message}";
        }

        var events = await cluster.EventsAsync(view.Deployment.Name(), cancellationToken);
        var refusal = events.FirstOrDefault(happened => happened.Reason == "CommandRefused" && happened.Message?.Contains(command.Text(_id), StringComparison.Ordinal) == true);
        throw new CliException(ExitCode.Refused, refusal?.Message ?? $"the operator did not follow {command.Verb} {command.Revision}; kubectl describe mdep {view.Deployment.Name()} may tell why");
    }
}
