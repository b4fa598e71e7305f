using ModelOperator.Serving.Hosting;
using ModelOperator.Serving.Loading;

namespace ModelOperator.Serving.Protocol.V2;

/// <summary>
/// The repository extension, for the one model that is here. Loading and unloading are off unless the one who started the
/// server allowed them: a pod that serves a revision serves it from its start to its end.
/// </summary>
internal sealed class ModelRepository(ServingSettings settings, ModelSlot slot, ModelLoading loading)
{
    public RepositoryEntry[] Index(bool readyOnly)
    {
        var problem = slot.Problem;
        return problem is not null && readyOnly
            ? []
            : [new RepositoryEntry(settings.Model.Name, settings.Model.Version, problem is null ? "READY" : "UNAVAILABLE", problem ?? "")];
    }

    /// <summary>Loads the model, anew if it is there: requests are answered by the one before until the new one is warm.</summary>
    /// <exception cref="ProtocolException">It is not allowed, is another model, or cannot be loaded.</exception>
    public async Task LoadAsync(string? model, bool parameters, CancellationToken cancellationToken)
    {
        Check(model, "loading");
        if (parameters)
        {
            throw ProtocolException.Invalid("parameters of a load are not supported: the model is loaded as the server was told at its start");
        }
        try
        {
            await loading.LoadAsync(cancellationToken);
        }
        catch (ModelLoadException failure)
        {
            throw new ProtocolException(StatusCodes.Status500InternalServerError, failure.Message);
        }
    }

    /// <summary>Takes the model away; requests that it is answering end as usual.</summary>
    /// <exception cref="ProtocolException">It is not allowed, or is another model.</exception>
    public void Unload(string? model)
    {
        Check(model, "unloading");
        slot.Remove();
    }

    private void Check(string? model, string what)
    {
        if (!settings.ModelControl)
        {
            throw new ProtocolException(
                StatusCodes.Status403Forbidden, $"{what} is not allowed here; a server that is started with MODEL_CONTROL=explicit allows it");
        }
        Served.Check(settings.Model, model, null);
    }
}
