using ModelOperator.Benchmarks.Router;

namespace ModelOperator.Benchmarks.Serving;

/// <summary>The obvious Node.js server: Fastify and onnxruntime-node, pinned by a lock file and kept in <c>.deps/bench-node</c>.</summary>
internal static class NodeServer
{
    /// <returns>Where it is installed, or null with the reason reported.</returns>
    public static async Task<string?> InstallAsync(Figures.FigureReport report, CancellationToken cancellationToken)
    {
        if (((string[])["node", "npm"]).FirstOrDefault(program => !ChildProcess.IsInstalled(program)) is { } missing)
        {
            report.Progress($"{missing} is missing (Debian: apt install nodejs npm): nothing is told of the Node.js server");
            return null;
        }
        var directory = Path.Combine(Repository.Root, ".deps", "bench-node");
        var stamp = Path.Combine(directory, "installed");
        var lockFile = await File.ReadAllTextAsync(Source("package-lock.json"), cancellationToken);
        Directory.CreateDirectory(directory);
        File.Copy(Source("server.mjs"), Path.Combine(directory, "server.mjs"), overwrite: true);
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp, cancellationToken) == lockFile)
        {
            return directory;
        }
        report.Progress("installing Fastify and onnxruntime-node (300 MB)");
        File.Copy(Source("package.json"), Path.Combine(directory, "package.json"), overwrite: true);
        File.Copy(Source("package-lock.json"), Path.Combine(directory, "package-lock.json"), overwrite: true);
        try
        {
            // Its script downloads a CUDA library that nobody needs here; the CPU library is in the package.
            await ChildProcess.RunAsync(
                "npm", ["ci", "--prefix", directory, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cancellationToken);
        }
        catch (InvalidOperationException failure)
        {
            report.Progress($"nothing is told of the Node.js server, its packages cannot be installed: {failure.Message}");
            return null;
        }
        await File.WriteAllTextAsync(stamp, lockFile, cancellationToken);
        return directory;
    }

    public static ChildProcess Start(string directory, string model, int port) =>
        ChildProcess.Start("node", [Path.Combine(directory, "server.mjs"), model, $"{port}"], ("NODE_ENV", "production"));

    private static string Source(string name) => Path.Combine(Repository.Root, "tests", "Benchmarks", "Serving", "node", name);
}
