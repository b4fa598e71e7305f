using System.CommandLine;

namespace ModelOperator.Cli.Hosting;

/// <summary>Options that every command has, named as kubectl names them.</summary>
internal sealed class GlobalOptions
{
    private readonly Option<string?> _kubeconfig = new("--kubeconfig") { Description = "The kubeconfig file; default: $KUBECONFIG, then ~/.kube/config.", Recursive = true };
    private readonly Option<string?> _context = new("--context") { Description = "The context of the kubeconfig.", Recursive = true };
    private readonly Option<string?> _namespace = new("--namespace", "-n") { Description = "The namespace; default: the context's.", Recursive = true };

    public void AddTo(Command root)
    {
        root.Add(_kubeconfig);
        root.Add(_context);
        root.Add(_namespace);
    }

    /// <summary>The cluster that a command line is about.</summary>
    public ClusterChoice Read(ParseResult line) => new(line.GetValue(_kubeconfig), line.GetValue(_context), line.GetValue(_namespace));
}
