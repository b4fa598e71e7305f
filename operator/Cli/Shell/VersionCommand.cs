using System.CommandLine;
using System.Text.Json.Nodes;
using ModelOperator.Api.Conventions;
using ModelOperator.Cli.Hosting;
using ModelOperator.Cli.Output;

namespace ModelOperator.Cli.Shell;

/// <summary><c>version</c>.</summary>
internal static class VersionCommand
{
    public static Command Create(Calls calls)
    {
        var output = new OutputOption(OutputFormat.Json, OutputFormat.Yaml);
        var command = new Command("version", "Prints the version of the plug-in and of the API that it speaks.") { output };
        calls.HandleOffline(command, (line, screen, _) =>
        {
            if (line.GetValue(output) is var format and not OutputFormat.Text)
            {
                Documents.Write(screen, format, new JsonObject { ["version"] = VersionOfProgram.Text, ["api"] = ApiGroup.ApiVersion });
            }
            else
            {
                screen.Write($"kubectl-model {VersionOfProgram.Text}, {ApiGroup.ApiVersion}");
            }

            return Task.FromResult(ExitCode.Ok);
        });
        return command;
    }
}
