using System.Text.Json.Nodes;
using ModelOperator.DevCluster.ApiServer.Kinds.Strategies;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Tables;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Kinds;

/// <summary>Everything the server knows about one served resource. The request pipeline has no code of its own for any kind.</summary>
internal sealed record ResourceKind
{
    private static readonly string[] AllVerbs = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    /// <summary>The API group; empty for core.</summary>
    public required string Group { get; init; }

    public required string Version { get; init; }

    public required string Plural { get; init; }

    public required string Singular { get; init; }

    public required string Kind { get; init; }

    public required bool Namespaced { get; init; }

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    public IReadOnlyList<string> Verbs { get; init; } = AllVerbs;

    public bool HasStatus { get; init; }

    /// <summary><c>metadata.generation</c> counts the changes of what is asked for.</summary>
    public bool HasGeneration { get; init; }

    public ScalePaths? Scale { get; init; }

    /// <summary>What field selectors may ask about beside name and namespace.</summary>
    public IReadOnlyList<string> SelectableFields { get; init; } = [];

    /// <summary>Subresources beside status and scale, with the verbs and the kind of each.</summary>
    public IReadOnlyList<Subresource> Subresources { get; init; } = [];

    public required SchemaNode Schema { get; init; }

    /// <summary>The schema as its definition writes it, when it has CEL rules.</summary>
    public JsonObject? RuleSchema { get; init; }

    public KindStrategy Strategy { get; init; } = KindStrategy.None;

    public IReadOnlyList<TableColumn> Columns { get; init; } = TableColumn.NameAndAge;

    /// <summary>Defined by a CustomResourceDefinition.</summary>
    public bool Custom { get; init; }

    /// <summary>What names may look like; null or what is wrong.</summary>
    public Func<string, string?> NameRule { get; init; } = NameRules.Subdomain;

    /// <summary>An update must say which version it replaces.</summary>
    public bool UpdatesNeedVersion { get; init; }

    /// <summary>What clients of a deprecated version are told with every answer.</summary>
    public string? DeprecationWarning { get; init; }

    /// <summary>Its definition is being deleted: nothing may be created any more.</summary>
    public bool IsEnding { get; init; }

    /// <summary>The answer to a delete is the object even when it is gone, rather than a Status.</summary>
    public bool ReturnsDeleted { get; init; }

    /// <summary>A question that is answered by creating it; never stored.</summary>
    public bool IsVirtual { get; init; }

    /// <summary>The resource whose objects this one shows; differs from group/plural only where two APIs show the same objects.</summary>
    public string? SharedStorage { get; init; }

    /// <summary>Turns a stored object into this version, and back.</summary>
    public Func<JsonObject, JsonObject>? FromStorage { get; init; }

    public Func<JsonObject, JsonObject>? ToStorage { get; init; }

    public string Storage => SharedStorage ?? GroupResource;

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>As messages name it: <c>deployments.apps</c>.</summary>
    public string GroupResource => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>As messages about invalid objects name it: <c>Deployment.apps</c>.</summary>
    public string GroupKind => Group.Length == 0 ? Kind : $"{Kind}.{Group}";

    public string ListKind => $"{Kind}List";

    public bool IsSelectable(string field) => field is "metadata.name" or "metadata.namespace" || SelectableFields.Contains(field);

    public bool Allows(string verb) => Verbs.Contains(verb);
}
