using Microsoft.Extensions.DependencyInjection;
using ModelOperator.Kubernetes.Controllers;
using ModelOperator.Kubernetes.Finalizers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Builder;

/// <summary>Registers the parts of an operator (the shape KubeOps gives it). What is registered is checked when the process starts.</summary>
public interface IOperatorBuilder
{
    /// <summary>The services of the process.</summary>
    IServiceCollection Services { get; }

    /// <summary>The settings.</summary>
    OperatorSettings Settings { get; }

    /// <summary>Adds the controller of a kind.</summary>
    /// <param name="watches">Adds what else it follows; null: only its own kind.</param>
    IOperatorBuilder AddController<TImplementation, TEntity>(Action<IServiceProvider, ControllerRunner<TEntity>>? watches = null)
        where TImplementation : class, IEntityController<TEntity>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Adds a finalizer to a kind that has a controller.</summary>
    /// <param name="identifier">Stands in <c>metadata.finalizers</c>: a domain, a slash and a name.</param>
    IOperatorBuilder AddFinalizer<TImplementation, TEntity>(string identifier)
        where TImplementation : class, IEntityFinalizer<TEntity>
        where TEntity : class, IKubernetesObject<V1ObjectMeta>;
}
