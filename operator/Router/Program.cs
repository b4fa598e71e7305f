using ModelOperator.Kubernetes.Client;
using ModelOperator.Router.Hosting;
using ModelOperator.Telemetry.Hosting;

SocketThreads.Use();
try
{
    RouterOptions.CheckFlags(args);
    var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args, RouterOptions.Flags).Build();
    var options = RouterOptions.From(configuration);
    var cluster = KubernetesClientConfiguration.BuildDefault();
    await using var app = RouterApplication.Build(options, builder => builder.Services.AddRouteFollowing(options, cluster));
    await app.RunAsync();
    return 0;
}
catch (Exception wrong) when (wrong is FormatException or KubernetesConfigurationException or IOException)
{
    // Settings, or an address that is taken.
    await Console.Error.WriteLineAsync($"modelrouter: {wrong.Message}");
    return 1;
}
