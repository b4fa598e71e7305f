using ModelOperator.Api.Conventions;
using ModelOperator.Kubernetes.Client;
using ModelOperator.Kubernetes.Entities;
using ModelOperator.Kubernetes.Informers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.Controller.ModelDeployments;

/// <summary>
/// Brings owned objects to what they should be, and never takes over one that is somebody else's. Creates by apply too: fields
/// that a create had set would stay when a later apply leaves them out.
/// </summary>
internal sealed class ObjectWriter(IKubernetesClient client)
{
    /// <summary>Creates an object or applies what has drifted; true when it wrote.</summary>
    /// <param name="cached">Where the object is looked for.</param>
    /// <param name="wanted">The object as it should be.</param>
    /// <param name="content">The part that is compared, beside the labels.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="isWhole">
    /// Everything in the part is said by us: what is there and not wanted is to go. Otherwise it is taken for a default of the server's.
    /// </param>
    /// <exception cref="ForeignObjectException">There is one of that name that another owner has.</exception>
    public async Task<bool> EnsureAsync<T>(
        IInformer<T> cached, T wanted, Func<T, object?> content, CancellationToken cancellationToken, bool isWhole = false)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var actual = cached.Get(wanted.Name(), wanted.Namespace());
        if (actual is null)
        {
            if (await client.GetAsync<T>(wanted.Name(), wanted.Namespace(), cancellationToken) is { } unseen)
            {
                ThrowIfForeign(unseen, wanted);
            }

            await client.ApplyAsync(wanted, ApiGroup.FieldManager, force: true, cancellationToken);
            return true;
        }

        ThrowIfForeign(actual, wanted);
        var isThere = isWhole ? Drift.Same(content(actual), content(wanted)) : Drift.Covers(content(actual), content(wanted));
        if (isThere && Drift.Covers(actual.Metadata.Labels, wanted.Metadata.Labels))
        {
            return false;
        }

        await client.ApplyAsync(wanted, ApiGroup.FieldManager, force: true, cancellationToken);
        return true;
    }

    /// <summary>Creates an object; one that is there already is left as it is if it is ours.</summary>
    /// <exception cref="ForeignObjectException">There is one of that name that another owner has.</exception>
    public async Task CreateAsync<T>(T wanted, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (await client.GetAsync<T>(wanted.Name(), wanted.Namespace(), cancellationToken) is { } actual)
        {
            ThrowIfForeign(actual, wanted);
            return;
        }

        await client.ApplyAsync(wanted, ApiGroup.FieldManager, force: true, cancellationToken);
    }

    /// <summary>Makes sure that an object is the ModelDeployment's own.</summary>
    /// <exception cref="ForeignObjectException">It is somebody else's.</exception>
    public static void ThrowIfForeign<T>(T actual, T wanted)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        if (actual.GetController()?.Uid != wanted.GetController()?.Uid)
        {
            var owner = actual.GetController() is { } other ? $"belongs to {other.Kind} {other.Name}" : "was not made by the operator";
            throw new ForeignObjectException(
                $"{EntityMetadata.For<T>().Kind} {wanted.Namespace()}/{wanted.Name()} {owner}: delete it, or give the ModelDeployment another name");
        }
    }
}
