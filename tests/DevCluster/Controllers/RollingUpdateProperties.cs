using FsCheck;
using FsCheck.Fluent;
using ModelOperator.DevCluster.Controllers.Deployments;
using ModelOperator.DevCluster.Controllers.ReplicaSets;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Controllers;

internal sealed class RollingUpdateProperties
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A rollout with the order in which pods turn up ready and statuses turn up late.</summary>
    internal sealed record Scenario(int Replicas, int Surge, int Unavailable, int[] Schedule);

    [Test]
    public void A_rolling_update_stays_within_its_limits_and_ends_whatever_the_order_of_events()
    {
        var scenarios =
            from replicas in Gen.Choose(1, 8)
            from surge in Gen.Choose(0, 3)
            from unavailable in Gen.Choose(0, 3)
            from schedule in Gen.Choose(0, 3).ArrayOf(150)
            select new Scenario(replicas, surge, unavailable, schedule);
        Check.One(Config.QuickThrowOnFailure.WithReplay(20_261_120, 15).WithMaxTest(150), Prop.ForAll(scenarios.ToArbitrary(), Holds));
    }

    private static bool Holds(Scenario scenario)
    {
        var world = new World(scenario);
        foreach (var turn in scenario.Schedule)
        {
            world.Turn(turn);
            world.Check();
        }

        // Fair from here on: everybody gets a turn until nothing changes.
        for (var i = 0; i < 120; i++)
        {
            world.Turn(i % 3);
            world.Check();
        }

        return world.IsDone;
    }

    private sealed class World
    {
        private readonly Deployment _deployment;
        private readonly RollingLimits _limits;
        private readonly ReplicaSet _old;
        private readonly Dictionary<ReplicaSet, (int Pods, int Ready)> _pods = [];

        public World(Scenario scenario)
        {
            _deployment = Deployments.Of(scenario.Replicas, "web:2");
            _deployment.Spec!.Strategy = new V1DeploymentStrategy
            {
                Type = "RollingUpdate",
                RollingUpdate = new V1RollingUpdateDeployment { MaxSurge = scenario.Surge, MaxUnavailable = scenario.Unavailable },
            };
            _limits = RollingLimits.Of(_deployment.Spec);
            _old = Deployments.ReplicaSetOf(Deployments.Of(scenario.Replicas, "web:1"), scenario.Replicas, scenario.Replicas);
            _pods[_old] = (scenario.Replicas, scenario.Replicas);
        }

        public bool IsDone => _pods[_old].Pods == 0 && _pods.Where(p => p.Key != _old).Sum(p => p.Value.Ready) == _deployment.Spec.Replicas;

        public void Turn(int turn)
        {
            switch (turn)
            {
                case 0:
                    Plan();
                    break;
                case 1:
                    FollowSpecs();
                    break;
                case 2:
                    ReportStatus();
                    break;
                default:
                    break;
            }
        }

        public void Check()
        {
            var replicas = _deployment.Spec.Replicas!.Value;
            Assert.That(_pods.Values.Sum(p => p.Ready), Is.GreaterThanOrEqualTo(replicas - _limits.MaxUnavailable), "available pods");
            Assert.That(_pods.Keys.Sum(r => r.Spec.Replicas), Is.LessThanOrEqualTo(replicas + _limits.MaxSurge), "wanted pods");
        }

        private void Plan()
        {
            var plan = DeploymentPlanner.Plan(DeploymentView.Of(_deployment, _pods.Keys, _ => true), Start);
            _deployment.Status = plan.Status;
            foreach (var action in plan.Actions)
            {
                switch (action)
                {
                    case DeploymentAction.Create create:
                        create.ReplicaSet.Metadata.Uid = "new";
                        create.ReplicaSet.Status = new V1ReplicaSetStatus();
                        _pods[create.ReplicaSet] = (0, 0);
                        break;
                    case DeploymentAction.Scale scale:
                        scale.ReplicaSet.Spec.Replicas = scale.Replicas;
                        break;
                    default:
                        break;
                }
            }
        }

        // Pods turn up, or go, unready ones first; one more becomes ready.
        private void FollowSpecs()
        {
            foreach (var (replicaSet, (_, ready)) in _pods.ToList())
            {
                var wanted = replicaSet.Spec.Replicas!.Value;
                _pods[replicaSet] = (wanted, Math.Min(wanted, replicaSet == _old ? ready : ready + 1));
            }
        }

        private void ReportStatus()
        {
            foreach (var (replicaSet, (pods, ready)) in _pods)
            {
                replicaSet.Status = new V1ReplicaSetStatus { Replicas = pods, ReadyReplicas = ready, AvailableReplicas = ready };
            }
        }
    }
}
