namespace ModelOperator.Router.Routing;

/// <summary>Where routes come from.</summary>
internal interface IRouteSource
{
    /// <summary>Whether everything that existed at the start has been taken in: before that, 404 means nothing.</summary>
    bool HasSynced { get; }
}
