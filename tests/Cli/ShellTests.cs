using System.Diagnostics;
using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Tests.Harness;

namespace ModelOperator.Cli.Tests;

internal sealed class ShellTests
{
    [TestCase("version", "version")]
    [TestCase("version-json", "version", "-o", "json")]
    [TestCase("completion-bash", "completion", "bash")]
    [TestCase("completion-zsh", "completion", "zsh")]
    [TestCase("completion-fish", "completion", "fish")]
    [TestCase("completion-kubectl", "completion", "kubectl")]
    [TestCase("completion-nonsense", "completion", "dos")]
    [TestCase("help", "--help")]
    [TestCase("help-promote", "promote", "--help")]
    public async Task Prints_what_is_expected(string golden, params string[] arguments) => Golden.Check(
        golden, await TestedCluster.RunAsync(new Surroundings { Out = new StringWriter(), Error = new StringWriter(), In = TextReader.Null, Time = TestedCluster.Time }, arguments));

    [Test]
    public async Task Verbs_options_and_names_are_completed()
    {
        var name = await TestedCluster.NamespaceAsync("progressing", "baking");
        Assert.That(await CompleteAsync("re"), Is.EqualTo(new[] { "resume", "retry", ":4" }).AsCollection);
        Assert.That(await CompleteAsync("status", "--kubeconfig", TestedCluster.Kubeconfig, "-n", name, ""), Is.EqualTo(new[] { "digits", "faces", ":4" }).AsCollection);
        Assert.That(await CompleteAsync("status", "--kubeconfig", TestedCluster.Kubeconfig, "-n", name, "fa"), Is.EqualTo(new[] { "faces", ":4" }).AsCollection);
        Assert.That(await CompleteAsync("status", "digits", "--until", "p"), Is.EqualTo(new[] { "paused", "promoted", ":4" }).AsCollection);
        Assert.That(await CompleteAsync("promote", "--exp"), Is.EqualTo(new[] { "--expect-step", ":4" }).AsCollection);
    }

    [Test]
    public async Task Bash_completes_with_the_script()
    {
        var plugin = Plugin();
        var script = $$"""
            eval "$({{plugin}} completion bash)"
            COMP_WORDS=(kubectl-model hist); COMP_CWORD=1; _kubectl_model; printf '%s\n' "${COMPREPLY[@]}"
            """;
        Assert.That(await RunAsync("bash", ["-c", script], Path.GetDirectoryName(plugin)!), Is.EqualTo("history\n"));
    }

    [Test]
    public async Task The_real_kubectl_runs_the_plug_in()
    {
        var name = await TestedCluster.NamespaceAsync("progressing");
        var plugin = Plugin();
        Assert.That(
            await RunAsync("kubectl", ["model", "get", "-o", "name", "--kubeconfig", TestedCluster.Kubeconfig, "-n", name], Path.GetDirectoryName(plugin)!),
            Is.EqualTo("modeldeployment.modeloperator.io/digits\n"));
    }

    private static string Plugin() => TestedCluster.Repository.Program("ModelOperator.Cli", "kubectl-model");

    private static async Task<string[]> CompleteAsync(params string[] words)
    {
        var surroundings = new Surroundings { Out = new StringWriter(), Error = new StringWriter(), In = TextReader.Null, Time = TimeProvider.System };
        var result = await TestedCluster.RunAsync(surroundings, ["__complete", .. words]);
        return result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private static async Task<string> RunAsync(string program, string[] arguments, string directory)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PATH"] = $"{directory}:{TestedCluster.Repository.PathOf(".deps", "bin")}:{Environment.GetEnvironmentVariable("PATH")}";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, await error);
        return output;
    }
}
