using ModelOperator.DevCluster.ApiServer.CustomResources;
using ModelOperator.DevCluster.ApiServer.Kinds.Pods;
using ModelOperator.DevCluster.ApiServer.Kinds.Strategies;
using ModelOperator.DevCluster.ApiServer.Schemas;
using ModelOperator.DevCluster.ApiServer.Tables;
using ModelOperator.DevCluster.ApiServer.Validation;

namespace ModelOperator.DevCluster.ApiServer.Kinds;

/// <summary>The built-in kinds, as data.</summary>
internal static class BuiltInKinds
{
    private static readonly ScalePaths Scalable = new(".spec.replicas", ".status.replicas", ".spec.selector");
    private static readonly string[] All = ["all"];

    private static readonly string[] EventFields =
    [
        "involvedObject.kind", "involvedObject.namespace", "involvedObject.name", "involvedObject.uid", "involvedObject.apiVersion",
        "involvedObject.resourceVersion", "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type",
    ];

    private static readonly string[] EventsFields = [.. EventFields, "reportingController", "regarding.kind", "regarding.namespace", "regarding.name", "regarding.uid"];
    private static readonly string[] Extensions = ["api-extensions"];

    public static ResourceKind Namespace { get; } = Core("Namespace", "namespaces", "ns") with
    {
        Namespaced = false,
        NameRule = NameRules.Label,
        Verbs = ["create", "delete", "get", "list", "patch", "update", "watch"],
        HasStatus = true,
        SelectableFields = ["status.phase"],
        Strategy = new NamespaceStrategy(),
        Columns = BuiltInColumns.Namespaces,
        ReturnsDeleted = true,
        Subresources = [new("finalize", "", "v1", "Namespace", ["update"])],
    };

    public static ResourceKind Pod { get; } = Core("Pod", "pods", "po") with
    {
        HasStatus = true,
        HasGeneration = true,
        Categories = All,
        SelectableFields =
        [
            "spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName", "spec.hostNetwork", "status.phase",
            "status.podIP", "status.podIPs", "status.nominatedNodeName",
        ],
        Strategy = new PodStrategy(),
        Columns = BuiltInColumns.Pods,
        ReturnsDeleted = true,
        Subresources =
        [
            new("binding", "", "v1", "Binding", ["create"]),
            new("eviction", "policy", "v1", "Eviction", ["create"]),
            new("log", "", "v1", "Pod", ["get"]),
        ],
    };

    public static ResourceKind Service { get; } = Core("Service", "services", "svc") with
    {
        NameRule = NameRules.Label,
        HasStatus = true,
        Categories = All,
        ReturnsDeleted = true,
        SelectableFields = ["spec.clusterIP", "spec.type"],
        Strategy = new ServiceStrategy(),
        Columns = BuiltInColumns.Services,
    };

    public static ResourceKind DisruptionBudget { get; } = Of("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", "pdb") with
    {
        HasStatus = true,
        HasGeneration = true,
        Strategy = StoredKinds.DisruptionBudget,
        Columns = BuiltInColumns.DisruptionBudgets,
    };

    public static ResourceKind EndpointSlice { get; } =
        Of("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices") with
        {
            HasGeneration = true,
            Strategy = StoredKinds.EndpointSlice,
            Columns = BuiltInColumns.EndpointSlices,
        };

    public static ResourceKind Definition { get; } =
        Of("apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions", "crd", "crds") with
        {
            Namespaced = false,
            HasStatus = true,
            HasGeneration = true,
            Categories = Extensions,
            Strategy = new CustomResourceDefinitionStrategy(),
            Columns = BuiltInColumns.Definitions,
        };

    public static ResourceKind ClusterRole { get; } =
        Of("rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles") with
        {
            Namespaced = false,
            NameRule = NameRules.PathSegment,
            Strategy = StoredKinds.Role,
        };

    public static ResourceKind ClusterRoleBinding { get; } =
        Of("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings") with
        {
            Namespaced = false,
            NameRule = NameRules.PathSegment,
            Strategy = StoredKinds.RoleBinding,
            Columns = StoredColumns.RoleBindings,
        };

    public static IReadOnlyList<ResourceKind> Kinds { get; } =
    [
        Core("ConfigMap", "configmaps", "cm") with { Strategy = new ConfigMapStrategy(), Columns = BuiltInColumns.ConfigMaps },
        Core("Endpoints", "endpoints", "ep") with { Singular = "endpoints", Columns = BuiltInColumns.Endpoints },
        Core("Event", "events", "ev") with { SelectableFields = EventFields, Strategy = StoredKinds.Event, Columns = BuiltInColumns.Events },
        Namespace,
        Core("Node", "nodes", "no") with { Namespaced = false, HasStatus = true, SelectableFields = ["spec.unschedulable"], Strategy = new NodeStrategy(), Columns = BuiltInColumns.Nodes },
        Core("PersistentVolumeClaim", "persistentvolumeclaims", "pvc") with
        {
            HasStatus = true,
            ReturnsDeleted = true,
            Strategy = StoredKinds.VolumeClaim,
            Columns = StoredColumns.VolumeClaims,
        },
        Pod,
        Core("Secret", "secrets") with { SelectableFields = ["type"], Strategy = new SecretStrategy(), Columns = BuiltInColumns.Secrets },
        Core("ServiceAccount", "serviceaccounts", "sa") with
        {
            ReturnsDeleted = true,
            Columns = BuiltInColumns.ServiceAccounts,
            Subresources = [new("token", "authentication.k8s.io", "v1", "TokenRequest", ["create"])],
        },
        Service,
        Of("apps", "v1", "Deployment", "deployments", "deploy") with
        {
            HasStatus = true,
            HasGeneration = true,
            Scale = Scalable,
            Categories = All,
            Strategy = new DeploymentStrategy(),
            Columns = BuiltInColumns.Deployments,
        },
        Of("apps", "v1", "ReplicaSet", "replicasets", "rs") with
        {
            HasStatus = true,
            HasGeneration = true,
            Scale = Scalable,
            Categories = All,
            SelectableFields = ["status.replicas"],
            Strategy = new ReplicaSetStrategy(),
            Columns = BuiltInColumns.ReplicaSets,
        },
        Of("batch", "v1", "Job", "jobs") with
        {
            HasStatus = true,
            HasGeneration = true,
            Categories = All,
            SelectableFields = ["status.successful"],
            Strategy = new JobStrategy(),
            Columns = BuiltInColumns.Jobs,
        },
        Of("batch", "v1", "CronJob", "cronjobs", "cj") with
        {
            HasStatus = true,
            HasGeneration = true,
            Categories = All,
            Strategy = StoredKinds.CronJob,
            Columns = StoredColumns.CronJobs,
        },
        DisruptionBudget,
        Of("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", "hpa") with
        {
            HasStatus = true,
            Categories = All,
            Strategy = StoredKinds.Autoscaler,
            Columns = StoredColumns.Autoscalers,
        },
        Of("networking.k8s.io", "v1", "Ingress", "ingresses", "ing") with
        {
            HasStatus = true,
            HasGeneration = true,
            Strategy = StoredKinds.Ingress,
            Columns = StoredColumns.Ingresses,
        },
        Of("networking.k8s.io", "v1", "IngressClass", "ingressclasses") with
        {
            Namespaced = false,
            HasGeneration = true,
            Columns = StoredColumns.IngressClasses,
        },
        Of("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", "netpol") with
        {
            HasGeneration = true,
            Strategy = StoredKinds.NetworkPolicy,
            Columns = StoredColumns.NetworkPolicies,
        },
        Of("storage.k8s.io", "v1", "StorageClass", "storageclasses", "sc") with
        {
            Namespaced = false,
            ReturnsDeleted = true,
            Strategy = StoredKinds.StorageClass,
            Columns = StoredColumns.StorageClasses,
        },
        EndpointSlice,
        Of("coordination.k8s.io", "v1", "Lease", "leases") with { UpdatesNeedVersion = true, Strategy = StoredKinds.Lease, Columns = BuiltInColumns.Leases },
        Of("events.k8s.io", "v1", "Event", "events", "ev") with
        {
            Schema = BuiltInSchemas.Instance.Kind("events.Event"),
            SelectableFields = EventsFields,
            SharedStorage = "events",
            ToStorage = EventConversion.ToCore,
            FromStorage = EventConversion.FromCore,
            Columns = BuiltInColumns.Events,
        },
        Of("rbac.authorization.k8s.io", "v1", "Role", "roles") with { NameRule = NameRules.PathSegment, Strategy = StoredKinds.Role },
        Of("rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings") with { NameRule = NameRules.PathSegment, Strategy = StoredKinds.RoleBinding, Columns = StoredColumns.RoleBindings },
        ClusterRole,
        ClusterRoleBinding,
        Of("admissionregistration.k8s.io", "v1", "MutatingWebhookConfiguration", "mutatingwebhookconfigurations") with
        {
            Namespaced = false,
            HasGeneration = true,
            Categories = Extensions,
            Strategy = StoredKinds.MutatingWebhooks,
            Columns = StoredColumns.WebhookConfigurations,
        },
        Of("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", "validatingwebhookconfigurations") with
        {
            Namespaced = false,
            HasGeneration = true,
            Categories = Extensions,
            Strategy = StoredKinds.ValidatingWebhooks,
            Columns = StoredColumns.WebhookConfigurations,
        },
        Question("authorization.k8s.io", "SelfSubjectAccessReview") with { Strategy = new AccessReviewStrategy() },
        Question("authorization.k8s.io", "SubjectAccessReview") with { Strategy = new AccessReviewStrategy() },
        Question("authorization.k8s.io", "LocalSubjectAccessReview") with { Namespaced = true, Strategy = new AccessReviewStrategy() },
        Question("authorization.k8s.io", "SelfSubjectRulesReview"),
        Question("authentication.k8s.io", "SelfSubjectReview"),
        Question("authentication.k8s.io", "TokenReview"),
        Definition,
    ];

    private static ResourceKind Core(string kind, string plural, params string[] shortNames) => Of("", "v1", kind, plural, shortNames);

    private static ResourceKind Question(string group, string kind) =>
        Of(group, "v1", kind, $"{kind.ToLowerInvariant()}s") with { Namespaced = false, Verbs = ["create"], IsVirtual = true };

    private static ResourceKind Of(string group, string version, string kind, string plural, params string[] shortNames) => new()
    {
        Group = group,
        Version = version,
        Kind = kind,
        Plural = plural,
        Singular = kind.ToLowerInvariant(),
        ShortNames = shortNames,
        Namespaced = true,
        Schema = BuiltInSchemas.Instance.Kind(kind),
    };
}
