using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Node.Pods;

/// <summary>Writes the status of a pod, as kubelet would, from what the node knows of it.</summary>
/// <param name="hostIP">The node's address.</param>
/// <param name="imageId">The identity of what an image reference stands for here.</param>
internal sealed class PodStatusBuilder(string hostIP, Func<string, string> imageId)
{
    /// <summary>The status now. <paramref name="previous"/> gives the transition times of conditions that have not turned.</summary>
    public V1PodStatus Build(V1Pod pod, PodState state, string podIP, DateTime startTime, V1PodStatus? previous, DateTime now)
    {
        var spec = pod.Spec ?? new V1PodSpec();
        var phase = state.Phase();
        var status = new V1PodStatus
        {
            ObservedGeneration = pod.Metadata.Generation,
            Phase = phase,
            Reason = phase == "Failed" && state.Expired ? "DeadlineExceeded" : null,
            Message = phase == "Failed" && state.Expired ? "Pod was active on the node longer than the specified deadline" : null,
            HostIP = hostIP,
            HostIPs = [new V1HostIP { Ip = hostIP }],
            PodIP = podIP,
            PodIPs = [new V1PodIP { Ip = podIP }],
            StartTime = Seconds(startTime),
            QosClass = QualityOfService(spec),
            InitContainerStatuses = spec.InitContainers is { Count: > 0 } inits ? [.. inits.Zip(state.InitContainers, (c, s) => Init(c, s))] : null,
            ContainerStatuses = [.. spec.Containers.Zip(state.Containers, (c, s) => Main(c, s, state.Initialized))],
        };
        status.Conditions = Conditions(pod, state, phase, previous ?? pod.Status, Seconds(now));
        return status;
    }

    private V1ContainerStatus Init(V1Container container, ContainerState state) =>
        Status(
            container, state, "PodInitializing", ready: state.IsSidecar ? state.Ready : state.Completed, started: state.IsSidecar ? state.Started : state.HasProcess);

    private V1ContainerStatus Main(V1Container container, ContainerState state, bool initialized) =>
        Status(container, state, initialized ? "ContainerCreating" : "PodInitializing", state.Ready, state.Started);

    private V1ContainerStatus Status(V1Container container, ContainerState state, string notYet, bool ready, bool started) => new()
    {
        Name = container.Name,
        Image = container.Image ?? "",
        ImageID = state.ContainerId is null ? "" : imageId(container.Image ?? ""),
        ContainerID = state.ContainerId,
        RestartCount = state.RestartCount,
        Ready = ready,
        Started = started,
        State = state.Phase switch
        {
            ContainerPhase.Running or ContainerPhase.Stopping =>
                new V1ContainerState { Running = new V1ContainerStateRunning { StartedAt = Seconds(state.StartedAt.UtcDateTime) } },
            ContainerPhase.Waiting when state.WaitingReason is { } reason =>
                new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = state.WaitingMessage } },
            _ when state.Exit is { } exit => Terminated(exit),
            _ when state.WaitingReason is { } reason =>
                new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = reason, Message = state.WaitingMessage } },
            _ => new V1ContainerState { Waiting = new V1ContainerStateWaiting { Reason = notYet } },
        },
        LastState = state is { Exit: { } last, RestartCount: var restarts } && (state.HasProcess || state.WaitingReason is not null || restarts > 0)
            && state.Phase is not (ContainerPhase.Terminated or ContainerPhase.Starting)
                ? Terminated(last)
                : new V1ContainerState(),
    };

    private static V1ContainerState Terminated(ContainerExit exit) => new()
    {
        Terminated = new V1ContainerStateTerminated
        {
            ExitCode = exit.ExitCode,
            Reason = exit.Reason,
            Message = exit.Message,
            StartedAt = Seconds(exit.StartedAt.UtcDateTime),
            FinishedAt = Seconds(exit.FinishedAt.UtcDateTime),
            ContainerID = exit.ContainerId,
        },
    };

    /// <summary>The node's own conditions; those of others (readiness gates) are not its to write.</summary>
    private static List<V1PodCondition> Conditions(V1Pod pod, PodState state, string phase, V1PodStatus? previous, DateTime now)
    {
        var ended = phase switch { "Succeeded" => "PodCompleted", "Failed" => "PodFailed", _ => null };
        var waitingInits = state.InitContainers.Where(c => c.IsSidecar ? !c.Started : !c.Completed).Select(c => c.Name).ToList();
        var unready = state.Serving.Where(c => !c.Ready).Select(c => c.Name).ToList();
        var served = state.Initialized && unready.Count == 0;
        var unreadyMessage = ended is null ? $"containers with unready status: [{string.Join(' ', unready)}]" : null;
        var gates = GateProblems(pod);
        List<V1PodCondition> own =
        [
            Condition("PodReadyToStartContainers", state.Volumes == VolumePhase.Mounted && ended is null, null, null),
            Condition(
                "Initialized", state.Initialized, "ContainersNotInitialized", $"containers with incomplete status: [{string.Join(' ', waitingInits)}]"),
            served && gates.Count > 0
                ? Condition("Ready", false, "ReadinessGatesNotReady", string.Join(", ", gates))
                : Condition("Ready", served, ended ?? "ContainersNotReady", unreadyMessage),
            Condition("ContainersReady", served, ended ?? "ContainersNotReady", unreadyMessage),
            Condition("PodScheduled", true, null, null),
        ];
        if (ended == "PodCompleted")
        {
            own[1].Reason = ended;
        }

        foreach (var condition in own)
        {
            var before = previous?.Conditions?.FirstOrDefault(c => c.Type == condition.Type);
            condition.ObservedGeneration = pod.Metadata.Generation;
            condition.LastTransitionTime = before?.Status == condition.Status ? before.LastTransitionTime : now;
        }

        return own;
    }

    private static List<string> GateProblems(V1Pod pod)
    {
        var problems = new List<string>();
        foreach (var gate in pod.Spec?.ReadinessGates ?? [])
        {
            var condition = pod.Status?.Conditions?.FirstOrDefault(c => c.Type == gate.ConditionType);
            if (condition is null)
            {
                problems.Add($"corresponding condition of pod readiness gate \"{gate.ConditionType}\" does not exist.");
            }
            else if (condition.Status != "True")
            {
                problems.Add($"the status of pod readiness gate \"{gate.ConditionType}\" is not \"True\", but {condition.Status}");
            }
        }

        return problems;
    }

    private static V1PodCondition Condition(string type, bool isTrue, string? falseReason, string? falseMessage) => new()
    {
        Type = type,
        Status = isTrue ? "True" : "False",
        Reason = isTrue ? null : falseReason,
        Message = isTrue ? null : falseMessage,
    };

    /// <summary>The API's times have no fractions.</summary>
    private static DateTime Seconds(DateTime time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerSecond));

    private static string QualityOfService(V1PodSpec spec)
    {
        var all = spec.Containers.Concat(spec.InitContainers ?? []).Select(c => c.Resources).ToList();
        if (all.TrueForAll(r => r?.Requests is not { Count: > 0 } && r?.Limits is not { Count: > 0 }))
        {
            return "BestEffort";
        }

        return all.TrueForAll(r => IsGuaranteed(r, "cpu") && IsGuaranteed(r, "memory")) ? "Guaranteed" : "Burstable";
    }

    private static bool IsGuaranteed(V1ResourceRequirements? resources, string name) =>
        resources?.Limits?.TryGetValue(name, out var limit) == true
        && (resources.Requests is null || !resources.Requests.TryGetValue(name, out var request) || request == limit);
}
