using System.CommandLine;

namespace ModelOperator.Cli.Output;

/// <summary>The option <c>-o</c>.</summary>
internal sealed class OutputOption : Option<OutputFormat>
{
    public OutputOption(params OutputFormat[] formats)
        : base("--output", "-o")
    {
        var names = formats.Select(format => format.ToString().ToLowerInvariant()).ToArray();
        Description = $"The form of the answer: {string.Join(", ", names)}; default: text for people.";
        HelpName = string.Join('|', names);
        CompletionSources.Add(_ => names.Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        CustomParser = argument =>
        {
            var text = argument.Tokens is [var token] ? token.Value : "";
            var index = Array.IndexOf(names, text);
            if (index < 0)
            {
                argument.AddError($"-o {text} is not one of {string.Join(", ", names)}");
                return OutputFormat.Text;
            }

            return formats[index];
        };
    }
}
