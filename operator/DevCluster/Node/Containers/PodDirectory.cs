namespace ModelOperator.DevCluster.Node.Containers;

/// <summary>Where the files of one pod lie.</summary>
internal sealed class PodDirectory(string root)
{
    public string Root => root;

    public string VolumeOf(string name) => Path.Combine(root, "volumes", name);

    /// <summary>What a container was given of a volume by <c>subPath</c> when it started; later changes do not reach it.</summary>
    public string SubPathOf(string container, int mount) => Path.Combine(ContainerFolder(container), "subpaths", $"{mount}");

    /// <summary>The log of a run of a container; kept for the latest run and the one before.</summary>
    public string LogOf(string container, int attempt) => Path.Combine(ContainerFolder(container), $"{attempt}.log");

    public string TerminationMessageOf(string container) => Path.Combine(ContainerFolder(container), "termination-log");

    public string WorkingDirectoryOf(string container) => Path.Combine(ContainerFolder(container), "work");

    public string TemporaryDirectoryOf(string container) => Path.Combine(ContainerFolder(container), "tmp");

    /// <summary>Makes the folders of a container ready for a run of it.</summary>
    public void Prepare(string container, int attempt)
    {
        Directory.CreateDirectory(WorkingDirectoryOf(container));
        Directory.CreateDirectory(TemporaryDirectoryOf(container));
        File.Delete(LogOf(container, attempt - 2));
        File.WriteAllBytes(LogOf(container, attempt), []);
        File.WriteAllBytes(TerminationMessageOf(container), []);
    }

    /// <summary>Writes the kubeconfig of a container, for its owner's eyes only.</summary>
    /// <returns>Where it is.</returns>
    public string WriteKubeconfig(string container, string content)
    {
        var path = Path.Combine(ContainerFolder(container), "kubeconfig");
        File.Delete(path);
        using var file = new StreamWriter(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        file.Write(content);
        return path;
    }

    /// <summary>Removes everything.</summary>
    public void Delete()
    {
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private string ContainerFolder(string container) => Path.Combine(root, "containers", container);
}
