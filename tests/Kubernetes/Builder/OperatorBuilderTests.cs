using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelOperator.Kubernetes.Builder;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Finalizers;
using ModelOperator.Kubernetes.Models;
using ModelOperator.Kubernetes.Tests.Fakes;

namespace ModelOperator.Kubernetes.Tests.Builder;

internal sealed class OperatorBuilderTests
{
    [Test]
    public void Settings_have_the_fields_defaults()
    {
        var settings = new ServiceCollection().AddKubernetesOperator().Settings;
        Assert.Multiple(() =>
        {
            Assert.That(settings.LeaderElectionType, Is.EqualTo(LeaderElectionType.None));
            Assert.That(settings.LeaderElectionLeaseDuration, Is.EqualTo(TimeSpan.FromSeconds(15)));
            Assert.That(settings.LeaderElectionRenewDeadline, Is.EqualTo(TimeSpan.FromSeconds(10)));
            Assert.That(settings.LeaderElectionRetryPeriod, Is.EqualTo(TimeSpan.FromSeconds(2)));
            Assert.That(settings.MaxParallelReconciliations, Is.EqualTo(1));
            Assert.That(settings.CacheSyncTimeout, Is.EqualTo(TimeSpan.FromMinutes(2)));
            Assert.That(settings.GracefulShutdownTimeout, Is.EqualTo(TimeSpan.FromSeconds(30)));
        });
    }

    [Test]
    public void The_host_waits_longer_than_the_drain()
    {
        using var host = Build(withClient: true, builder => builder.AddController<Controller, V1Deployment>(), settings => settings.WithGracefulShutdownTimeout(TimeSpan.FromMinutes(1)));

        Assert.That(
            host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<HostOptions>>().Value.ShutdownTimeout,
            Is.GreaterThan(TimeSpan.FromMinutes(1)));
    }

    [Test]
    public async Task A_process_whose_parts_do_not_fit_does_not_start_and_names_everything()
    {
        using var host = Build(
            withClient: false,
            builder => builder
                .AddController<Controller, V1Deployment>()
                .AddController<OtherController, V1Deployment>()
                .AddController<Unknown, Thing>()
                .AddFinalizer<Finalizer, V1ConfigMap>("Bucket"),
            settings => settings.WithMaxParallelReconciliations(0)
                .WithLeaderElection("system")
                .WithLeaderElectionTimings(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(2)));

        var refusal = (await Assert.ThrowsAsync<OperatorRegistrationException>(() => host.StartAsync()))!;

        Assert.That(refusal.Gaps, Is.EqualTo(new[]
        {
            "no IKubernetesClient is registered",
            "MaxParallelReconciliations is 0: nothing would ever be reconciled",
            "the lease duration (10 s) must be greater than the renew deadline (10 s)",
            "Thing has no [KubernetesEntity] attribute",
            "V1Deployment has several controllers: Controller, OtherController",
            "Finalizer finalizes V1ConfigMap, which has no controller",
            "'Bucket' of Finalizer is no finalizer: it needs a domain, a slash and a name",
        }));
        Assert.That(refusal.Message, Does.StartWith("the operator cannot start: no IKubernetesClient is registered; "));
    }

    [Test]
    public async Task Nothing_to_do_is_a_mistake()
    {
        using var host = Build(withClient: true, _ => { });

        var refusal = (await Assert.ThrowsAsync<OperatorRegistrationException>(() => host.StartAsync()))!;
        Assert.That(refusal.Gaps, Is.EqualTo(new[] { "no controller is registered" }));
    }

    [Test]
    public async Task One_finalizer_twice_is_a_mistake()
    {
        using var host = Build(withClient: true, builder => builder
            .AddController<ConfigMapController, V1ConfigMap>()
            .AddFinalizer<Finalizer, V1ConfigMap>("example.com/bucket")
            .AddFinalizer<Finalizer, V1ConfigMap>("example.com/bucket"));

        var refusal = (await Assert.ThrowsAsync<OperatorRegistrationException>(() => host.StartAsync()))!;
        Assert.That(refusal.Gaps, Is.EqualTo(new[] { "V1ConfigMap has several finalizers 'example.com/bucket'" }));
    }

    private static IHost Build(bool withClient, Action<IOperatorBuilder> register, Action<OperatorSettingsBuilder>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        if (withClient)
        {
            builder.Services.AddSingleton<IKubernetesClient>(new FakeCluster());
        }

        register(builder.Services.AddKubernetesOperator(configure));
        return builder.Build();
    }

    private sealed class Thing : IKubernetesObject<V1ObjectMeta>
    {
        public string? ApiVersion { get; set; }

        public string? Kind { get; set; }

        public V1ObjectMeta Metadata { get; set; } = new();
    }

    private sealed class Controller : Idle<V1Deployment>;

    private sealed class OtherController : Idle<V1Deployment>;

    private sealed class ConfigMapController : Idle<V1ConfigMap>;

    private sealed class Unknown : Idle<Thing>;

    private sealed class Finalizer : IEntityFinalizer<V1ConfigMap>
    {
        public Task<ReconciliationResult<V1ConfigMap>> FinalizeAsync(V1ConfigMap entity, CancellationToken cancellationToken) =>
            Task.FromResult(ReconciliationResult<V1ConfigMap>.Success(entity));
    }

    private abstract class Idle<T> : IEntityController<T>
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        public Task<ReconciliationResult<T>> ReconcileAsync(T entity, CancellationToken cancellationToken) =>
            Task.FromResult(ReconciliationResult<T>.Success(entity));

        public Task<ReconciliationResult<T>> DeletedAsync(T entity, CancellationToken cancellationToken) =>
            Task.FromResult(ReconciliationResult<T>.Success(entity));
    }
}
