using ModelOperator.DevCluster.Node.Containers;
using ModelOperator.Kubernetes.Models;

namespace ModelOperator.DevCluster.Tests.Node;

internal sealed class EnvironmentBuilderTests
{
    private readonly FixedConfig _config = new();

    [Test]
    public async Task Fields_of_the_pod_and_earlier_variables_can_be_used()
    {
        var variables = await BuildAsync(
            Field("POD_IP", "status.podIP"),
            Field("NODE_IP", "status.hostIP"),
            Field("ME", "metadata.name"),
            Field("APP", "metadata.labels['app.kubernetes.io/name']"),
            new V1EnvVar { Name = "URL", Value = "http://$(POD_IP):80" });

        Assert.Multiple(() =>
        {
            Assert.That(variables["POD_IP"], Is.EqualTo("127.9.1.1"));
            Assert.That(variables["NODE_IP"], Is.EqualTo("127.9.0.1"));
            Assert.That(variables["ME"], Is.EqualTo("web-1"));
            Assert.That(variables["APP"], Is.EqualTo("web"));
            Assert.That(variables["URL"], Is.EqualTo("http://127.9.1.1:80"));
        });
    }

    [Test]
    public async Task Services_of_the_namespace_are_named_by_variables()
    {
        _config.Services.Add(new V1Service
        {
            Metadata = new V1ObjectMeta { Name = "my-db" },
            Spec = new V1ServiceSpec { ClusterIP = "127.9.255.2", Ports = [new V1ServicePort { Name = "sql", Port = 5432 }] },
        });

        var variables = await BuildAsync(new V1EnvVar { Name = "DB", Value = "$(MY_DB_SERVICE_HOST):$(MY_DB_SERVICE_PORT)" });

        Assert.That(variables["DB"], Is.EqualTo("127.9.255.2:5432"));
        Assert.That(variables["MY_DB_PORT_5432_TCP_ADDR"], Is.EqualTo("127.9.255.2"));
    }

    [Test]
    public async Task Keys_of_config_maps_and_secrets_become_values()
    {
        _config.ConfigMaps["settings"] = new() { ["mode"] = "fast"u8.ToArray() };
        _config.Secrets["store"] = new() { ["token"] = "hush"u8.ToArray() };

        var variables = await BuildAsync(
            new V1EnvVar { Name = "MODE", ValueFrom = new() { ConfigMapKeyRef = new() { Name = "settings", Key = "mode" } } },
            new V1EnvVar { Name = "TOKEN", ValueFrom = new() { SecretKeyRef = new() { Name = "store", Key = "token" } } });

        Assert.That(variables["MODE"], Is.EqualTo("fast"));
        Assert.That(variables["TOKEN"], Is.EqualTo("hush"));
    }

    [Test]
    public async Task An_optional_key_that_is_missing_leaves_the_variable_out()
    {
        var variables = await BuildAsync(
            new V1EnvVar { Name = "SHA", ValueFrom = new() { ConfigMapKeyRef = new() { Name = "none", Key = "sha256", Optional = true } } });

        Assert.That(variables, Does.Not.ContainKey("SHA"));
    }

    [Test]
    public void A_required_key_that_is_missing_is_an_error_that_names_it()
    {
        _config.ConfigMaps["settings"] = [];

        Assert.That(
            () => BuildAsync(new V1EnvVar { Name = "X", ValueFrom = new() { ConfigMapKeyRef = new() { Name = "settings", Key = "mode" } } }),
            Throws.TypeOf<ContainerConfigException>().With.Message.EqualTo("couldn't find key mode in configmap settings"));
        Assert.That(
            () => BuildAsync(new V1EnvVar { Name = "X", ValueFrom = new() { SecretKeyRef = new() { Name = "gone", Key = "k" } } }),
            Throws.TypeOf<ContainerConfigException>().With.Message.EqualTo("secret \"gone\" not found"));
    }

    private static V1EnvVar Field(string name, string path) =>
        new() { Name = name, ValueFrom = new V1EnvVarSource { FieldRef = new V1ObjectFieldSelector { FieldPath = path } } };

    private Task<Dictionary<string, string>> BuildAsync(params V1EnvVar[] variables)
    {
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta
            {
                Name = "web-1",
                NamespaceProperty = "default",
                Labels = new Dictionary<string, string> { ["app.kubernetes.io/name"] = "web" },
            },
            Spec = new V1PodSpec(),
        };
        return new EnvironmentBuilder(_config, new ResourceFields(new Dictionary<string, string> { ["cpu"] = "8" })).BuildAsync(
            pod, new V1Container { Env = variables }, [], "127.9.1.1", "127.9.0.1", CancellationToken.None);
    }

    private sealed class FixedConfig : IConfigSource
    {
        public Dictionary<string, Dictionary<string, byte[]>> ConfigMaps { get; } = [];

        public Dictionary<string, Dictionary<string, byte[]>> Secrets { get; } = [];

        public List<V1Service> Services { get; } = [];

        public Task<IReadOnlyDictionary<string, byte[]>?> GetConfigMapAsync(string namespaceName, string name, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<string, byte[]>?>(ConfigMaps.GetValueOrDefault(name));

        public Task<IReadOnlyDictionary<string, byte[]>?> GetSecretAsync(string namespaceName, string name, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyDictionary<string, byte[]>?>(Secrets.GetValueOrDefault(name));

        public Task<string?> GetBoundVolumeAsync(string namespaceName, string claim, CancellationToken cancellationToken) => Task.FromResult<string?>(null);

        public Task<string> GetTokenAsync(
            string namespaceName, string serviceAccount, V1ServiceAccountTokenProjection projection, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public IReadOnlyList<V1Service> GetServices(string namespaceName) => Services;
    }
}
