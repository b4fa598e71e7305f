namespace ModelOperator.Demo.Cluster;

/// <summary>Where the checkout keeps what the demo starts and applies.</summary>
internal sealed class Repository
{
    private Repository(string root, string configuration)
    {
        Root = root;
        Configuration = configuration;
    }

    /// <summary>The folder that holds ModelOperator.sln.</summary>
    public string Root { get; }

    private string Configuration { get; }

    /// <summary>Finds the checkout that this program was built in.</summary>
    /// <exception cref="InvalidOperationException">The program does not lie in a checkout.</exception>
    public static Repository Find()
    {
        var built = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        for (var at = built; at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "ModelOperator.sln")))
            {
                return new Repository(at.FullName, built.Name);
            }
        }

        throw new InvalidOperationException($"{built} lies in no checkout of ModelOperator: run it with `make demo`");
    }

    public string PathOf(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>A program of the solution, built in the same configuration as this one.</summary>
    public string Program(string project, string name)
    {
        var path = PathOf("artifacts", "bin", project, Configuration, name);
        return File.Exists(path) ? path : throw new FileNotFoundException($"{path} is missing: run `make build`");
    }
}
