using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Schemas;

namespace ModelOperator.DevCluster.ApiServer.Kinds.Strategies;

/// <summary>What a built-in kind does beyond its schema. The base does nothing.</summary>
internal class KindStrategy
{
    public static readonly KindStrategy None = new();

    /// <summary>Whoever creates the object may report its status in the same request.</summary>
    public virtual bool KeepsStatusOnCreate => false;

    /// <summary>Fills in what the API documents as default. Must give the same result when applied again.</summary>
    public virtual void Default(JsonObject obj)
    {
    }

    /// <summary>Sets what the server decides at creation, such as the initial status.</summary>
    public virtual void PrepareForCreate(JsonObject obj, StrategyContext context)
    {
    }

    /// <summary>Keeps what the server decides over an update.</summary>
    public virtual void PrepareForUpdate(JsonObject obj, JsonObject old, StrategyContext context)
    {
    }

    public virtual IEnumerable<FieldError> Validate(JsonObject obj, JsonObject? old) => [];

    /// <summary>Whether an object that ends at once still shows that it was being deleted, as pods do.</summary>
    public virtual bool IsGraceful => false;

    /// <summary>What becomes of the objects that one owns when the client does not say; null: they are deleted in the background.</summary>
    public virtual string? DefaultPropagationPolicy => null;

    /// <summary>How long a delete waits for the owner of the object to finish; zero removes it at once.</summary>
    public virtual long GracePeriodSeconds(JsonObject obj, long? requested) => 0;
}
