using ModelOperator.Api.ModelDeployments;
using ModelOperator.Controller.ModelDeployments;
using ModelOperator.Controller.Reporting;
using ModelOperator.Controller.Rollouts;
using ModelOperator.Judgement;
using ModelOperator.Kubernetes.Serialization;

namespace ModelOperator.Controller.Tests.Rollouts.Simulation;

/// <summary>A cluster just real enough for the planner: pods, routers that lag, a judge, and an operator that can be killed between any two writes.</summary>
internal sealed class SimulatedCluster
{
    private readonly List<IReadOnlyList<RouteArm>> _routes = [[]];
    private readonly HashSet<string> _published = [];
    private string _status = "{}";

    public SimulatedCluster() => Routers.AddRange([new SimulatedRouter(), new SimulatedRouter()]);

    public DateTime Now { get; set; } = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    public string WantedHash { get; set; } = "a";

    public int Replicas { get; set; } = 2;

    public bool Paused { get; set; }

    public bool Invalid { get; set; }

    public List<TrafficStep> Steps { get; set; } = [new(10, "60s"), new(50, "60s")];

    public RolloutStrategy Strategy { get; set; }

    public CapacityMode Capacity { get; set; }

    public JudgementDecision Verdict { get; set; } = JudgementDecision.Advance;

    /// <summary>Whether the comparisons have brought their evidence.</summary>
    public bool Proven { get; set; } = true;

    public Dictionary<string, string> Annotations { get; } = [];

    public List<CommandReceipt> Receipts { get; } = [];

    public SortedDictionary<string, SimulatedRevision> Revisions { get; } = [];

    public List<SimulatedRouter> Routers { get; } = [];

    /// <summary>Called after every pass.</summary>
    public Action<SimulatedPass>? Passed { get; set; }

    /// <summary>Reasons and ids of the events, in the order in which they were published for the first time.</summary>
    public List<Transition> Events { get; } = [];

    public Dictionary<string, string> Outcomes { get; } = [];

    /// <summary>Writes of any kind so far.</summary>
    public int Writes { get; private set; }

    public int Passes { get; private set; }

    public IReadOnlyList<RouteArm> Route => _routes[^1];

    public ModelDeploymentStatus Status => KubernetesJson.Deserialize<ModelDeploymentStatus>(_status);

    public Rollout Rollout => Rollout.Read(Status);

    public SimulatedRevision? Of(string? name) => name is null ? null : Revisions.GetValueOrDefault(name);

    /// <summary>What a router that is ready may be sending to a revision.</summary>
    public int MostThatAnyRouterSends(string revision) => Routers
        .Where(router => router.IsReady)
        .Select(router => _routes[router.Version].FirstOrDefault(arm => arm.Revision == revision)?.Weight ?? 0)
        .DefaultIfEmpty(0)
        .Max();

    public RolloutWorld Observe()
    {
        EnsureWantedRevision();
        var rollout = Rollout;
        return new RolloutWorld
        {
            Target = new RolloutTarget
            {
                ContentHash = WantedHash,
                Replicas = Replicas,
                Steps = Strategy == RolloutStrategy.Canary ? Steps : [],
                Strategy = Strategy,
                Capacity = Capacity,
                Bake = TimeSpan.FromMinutes(5),
                ProgressDeadline = TimeSpan.FromMinutes(10),
                Paused = Paused,
                Problem = Invalid ? new SpecProblem("spec.rollout.steps[1].weight", "falls") : null,
            },
            Rollout = rollout,
            Commands = CommandReader.Read(Annotations),
            Revisions = Revisions.Values.ToDictionary(r => r.Name, r => new RevisionView(r.Name, r.Hash, r.Replicas, r.Ready, Outcomes.GetValueOrDefault(r.Name) is "Stable" or "Promoted", r.Works ? null : "it crashes") { Pods = r.Replicas }),
            Route = new RouteView(Route, Routers.Count(r => r.IsReady), Routers.Count(r => r.IsReady && r.Version == _routes.Count - 1)),
            Judgement = rollout.OnTrial is not null && rollout.JudgedSince is not null
                ? new JudgementReport([], Verdict, $"the judge says {Verdict}", "errors", Now + TimeSpan.FromSeconds(15)) { IsProven = Proven, Proof = Proven ? "20 of 20" : "3 of 20" }
                : null,
            Now = Now,
        };
    }

    /// <summary>One pass of the operator; it dies before the write after <paramref name="writesLeft"/> more.</summary>
    public SimulatedPass Reconcile(int writesLeft = int.MaxValue)
    {
        Passes++;
        var world = Observe();
        var plan = RolloutPlanner.Plan(world);
        var before = Revisions.Values.ToDictionary(r => r.Name, r => (r.Replicas, MostThatAnyRouterSends(r.Name)));
        var done = true;
        foreach (var write in WritesOf(world, plan))
        {
            if (writesLeft-- <= 0)
            {
                done = false;
                break;
            }

            write();
            Writes++;
        }

        var pass = new SimulatedPass(world, plan, before, done);
        Passed?.Invoke(pass);
        return pass;
    }

    /// <summary>Passes until one has nothing to do; routers and pods stay as they are.</summary>
    public void Settle()
    {
        for (var i = 0; i < 50; i++)
        {
            var before = Writes;
            Reconcile();
            if (Writes == before)
            {
                return;
            }
        }

        throw new InvalidOperationException($"no rest after 50 passes in an unchanged world: {Status.Message}");
    }

    /// <summary>Everything that the cluster would do by itself, and the operator with it, until both rest.</summary>
    public void RunToRest()
    {
        for (var i = 0; i < 50; i++)
        {
            Settle();
            var before = (_status, Route);
            foreach (var revision in Revisions.Values)
            {
                for (var pod = 0; pod < revision.Replicas; pod++)
                {
                    revision.OneBecomesReady();
                }
            }

            RoutersCatchUp();
            Settle();
            if (before == (_status, Route))
            {
                return;
            }
        }

        throw new InvalidOperationException($"no rest: {Status.Message}");
    }

    public void RoutersCatchUp()
    {
        foreach (var router in Routers)
        {
            router.Version = _routes.Count - 1;
        }
    }

    private IEnumerable<Action> WritesOf(RolloutWorld world, RolloutPlan plan)
    {
        foreach (var (name, replicas) in plan.Replicas.Where(r => r.Value > Revisions[r.Key].Replicas))
        {
            yield return () => Revisions[name].Scale(replicas);
        }

        if (!plan.Arms.SequenceEqual(Route))
        {
            yield return () => _routes.Add(plan.Arms);
        }

        foreach (var (name, replicas) in plan.Replicas.Where(r => r.Value < Revisions[r.Key].Replicas))
        {
            yield return () => Revisions[name].Scale(replicas);
        }

        foreach (var outcome in plan.Outcomes.Where(o => Outcomes.GetValueOrDefault(o.Revision) != o.Outcome))
        {
            yield return () => Outcomes[outcome.Revision] = outcome.Outcome;
        }

        if (plan.Receipts.Count > 0)
        {
            yield return () => Receipts.AddRange(plan.Receipts);
        }

        foreach (var transition in world.Rollout.Untold.Where(t => !_published.Contains(t.Id)))
        {
            yield return () =>
            {
                _published.Add(transition.Id);
                Events.Add(transition);
            };
        }

        var status = KubernetesJson.Serialize(
            StatusBuilder.Build(new DeploymentReport
            {
                Generation = 1,
                Name = "digits",
                Url = "http://router/default/digits",
                Previous = Status,
                World = world,
                Plan = plan,
                Identities = Revisions.Values.ToDictionary(r => r.Name, r => (r.Name, (string?)r.Hash)),
            }));
        if (status != _status)
        {
            yield return () => _status = status;
        }
    }

    private void EnsureWantedRevision()
    {
        if (Invalid || Rollout.Rejected.Contains(WantedHash) || Revisions.Values.Any(r => r.Hash == WantedHash))
        {
            return;
        }

        var revision = new SimulatedRevision($"digits-r{Revisions.Count + 1}", WantedHash);
        Revisions[revision.Name] = revision;
    }
}
