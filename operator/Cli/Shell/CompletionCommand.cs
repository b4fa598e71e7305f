using System.CommandLine;
using ModelOperator.Cli.Hosting;

namespace ModelOperator.Cli.Shell;

/// <summary><c>completion</c>: the scripts by which shells, and kubectl, complete commands and names.</summary>
internal static class CompletionCommand
{
    /// <summary>The word that asks for completions of the words after it.</summary>
    public const string Ask = "__complete";

    // The last line is for kubectl: no file names.
    private const string Bash = $$"""
        _kubectl_model() {
          local line
          COMPREPLY=()
          while IFS= read -r line; do
            [[ $line == :* ]] || COMPREPLY+=("$line")
          done < <({{KubectlModel.Name}} {{Ask}} "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
        }
        complete -F _kubectl_model {{KubectlModel.Name}}
        """;

    private const string Zsh = $$"""
        #compdef {{KubectlModel.Name}}
        _kubectl_model() {
          local -a found
          found=(${(f)"$({{KubectlModel.Name}} {{Ask}} "${(@)words[2,CURRENT]}" 2>/dev/null)"})
          found=(${found:#:*})
          compadd -- $found
        }
        compdef _kubectl_model {{KubectlModel.Name}}
        """;

    private const string Fish = $$"""
        function __kubectl_model_complete
          set -l words (commandline -opc) (commandline -ct)
          {{KubectlModel.Name}} {{Ask}} $words[2..-1] 2>/dev/null | string match -v ':*'
        end
        complete -c {{KubectlModel.Name}} -f -a '(__kubectl_model_complete)'
        """;

    private const string Kubectl = $$"""
        #!/usr/bin/env sh
        # kubectl asks this program, on the PATH as kubectl_complete-model, for completions of "kubectl model".
        exec {{KubectlModel.Name}} {{Ask}} "$@"
        """;

    public static Command Create(Calls calls)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish, or kubectl, whose script goes onto the PATH as kubectl_complete-model." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "kubectl");
        var command = new Command("completion", "Prints the script by which a shell completes commands and names.") { shell };
        calls.HandleOffline(command, (line, screen, _) =>
        {
            screen.WriteRaw(line.GetRequiredValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                "fish" => Fish,
                _ => Kubectl,
            } + "\n");
            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }

    /// <summary>Prints what the last of some words can become, a line each.</summary>
    public static void Complete(Command root, IReadOnlyList<string> words, TextWriter output)
    {
        var line = string.Join(' ', words);
        var last = words.Count > 0 ? words[^1] : "";
        var found = root.Parse(line).GetCompletions(line.Length).Select(item => item.InsertText ?? item.Label).Distinct(StringComparer.Ordinal);
        foreach (var word in found.Where(word => word.StartsWith(last, StringComparison.Ordinal) && (last.StartsWith('-') || word is not ['-' or '/', ..])))
        {
            output.WriteLine(word);
        }

        output.WriteLine(":4");
    }
}
