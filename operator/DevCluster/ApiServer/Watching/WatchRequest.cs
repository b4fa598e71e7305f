using ModelOperator.DevCluster.ApiServer.Http;
using ModelOperator.DevCluster.ApiServer.Kinds;
using ModelOperator.DevCluster.ApiServer.Resources;

namespace ModelOperator.DevCluster.ApiServer.Watching;

/// <summary>What a watch asks for.</summary>
/// <param name="Kind">The resource.</param>
/// <param name="Filter">Which of its objects.</param>
/// <param name="ResourceVersion">Where to start; null or 0 starts with the objects that exist.</param>
/// <param name="SendInitialEvents">Start with the objects that exist and mark the end of them.</param>
/// <param name="AllowBookmarks">Tell the revision now and then.</param>
/// <param name="Timeout">When to end.</param>
/// <param name="Format">What the objects look like.</param>
/// <param name="IncludeObject">What a table row carries.</param>
internal sealed record WatchRequest(
    ResourceKind Kind,
    ObjectFilter Filter,
    long? ResourceVersion,
    bool SendInitialEvents,
    bool AllowBookmarks,
    TimeSpan Timeout,
    OutputFormat Format,
    string IncludeObject);
