using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Kubernetes.Builder;

/// <summary>Finds what would otherwise show itself much later, or never.</summary>
internal sealed partial class RegistrationValidator(
    OperatorSettings settings,
    IEnumerable<ControllerRegistration> controllers,
    IEnumerable<FinalizerRegistration> finalizers,
    IServiceProviderIsService services)
{
    /// <summary>Checks all.</summary>
    /// <exception cref="OperatorRegistrationException">Something is wrong; it names everything.</exception>
    public void Validate()
    {
        var gaps = Gaps().ToList();
        if (gaps.Count > 0)
        {
            throw new OperatorRegistrationException(gaps);
        }
    }

    // A domain and a name, each with the limits of a label key.
    [GeneratedRegex(@"^(?=.{1,253}/)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+/[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$")]
    private static partial Regex Identifier();

    private IEnumerable<string> Gaps()
    {
        if (!services.IsService(typeof(IKubernetesClient)))
        {
            yield return "no IKubernetesClient is registered";
        }

        if (settings.MaxParallelReconciliations < 1)
        {
            yield return $"MaxParallelReconciliations is {settings.MaxParallelReconciliations}: nothing would ever be reconciled";
        }

        if (settings.LeaderElectionType == LeaderElectionType.Single && settings.LeaderElection.Validate() is { } problem)
        {
            yield return problem;
        }

        if (!controllers.Any())
        {
            yield return "no controller is registered";
        }

        foreach (var entity in controllers.Select(controller => controller.Entity).Where(entity => entity.GetCustomAttribute<KubernetesEntityAttribute>() is null))
        {
            yield return $"{entity.Name} has no [KubernetesEntity] attribute";
        }

        foreach (var twice in controllers.GroupBy(controller => controller.Entity).Where(group => group.Count() > 1))
        {
            yield return $"{twice.Key.Name} has several controllers: {string.Join(", ", twice.Select(controller => controller.Implementation.Name))}";
        }

        foreach (var gap in FinalizerGaps())
        {
            yield return gap;
        }
    }

    private IEnumerable<string> FinalizerGaps()
    {
        foreach (var finalizer in finalizers)
        {
            if (controllers.All(controller => controller.Entity != finalizer.Entity))
            {
                yield return $"{finalizer.Implementation.Name} finalizes {finalizer.Entity.Name}, which has no controller";
            }

            if (!Identifier().IsMatch(finalizer.Identifier))
            {
                yield return $"'{finalizer.Identifier}' of {finalizer.Implementation.Name} is no finalizer: it needs a domain, a slash and a name";
            }
        }

        foreach (var twice in finalizers.GroupBy(finalizer => (finalizer.Entity, finalizer.Identifier)).Where(group => group.Count() > 1))
        {
            yield return $"{twice.Key.Entity.Name} has several finalizers '{twice.Key.Identifier}'";
        }
    }
}
