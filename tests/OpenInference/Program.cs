using System.CommandLine;
using ModelOperator.OpenInference.Reporting;
using ModelOperator.OpenInference.Suite;

var url = new Argument<string?>("url") { Description = "The server's REST address, as http://host:8000.", Arity = ArgumentArity.ZeroOrOne };
var grpc = new Option<string?>("--grpc") { Description = "Its gRPC address without TLS, as host:8001; without it gRPC is not asked." };
var model = new Option<string?>("--model") { Description = "The model to ask; default: the first of the repository index." };
var filter = new Option<string>("--filter") { Description = "Puts the cases whose id begins with this.", DefaultValueFactory = _ => "" };
var list = new Option<bool>("--list") { Description = "Prints the cases and asks nobody." };
var output = new Option<OutputFormat>("--output", "-o") { Description = "text: a line for each case; json: one document." };
var command = new RootCommand("Puts the statements of the Open Inference Protocol V2 to a server. Exit code: 0 it conforms, 1 it does not, 2 it could not be asked.")
{
    url, grpc, model, filter, list, output,
};
command.SetAction((result, cancellationToken) =>
{
    var cases = ConformanceSuite.Cases.Where(one => one.Id.StartsWith(result.GetRequiredValue(filter), StringComparison.Ordinal)).ToList();
    return result.GetValue(list)
        ? Run.ListAsync(cases, Console.Out)
        : Run.AskAsync(result.GetValue(url), result.GetValue(grpc), result.GetValue(model), cases, result.GetValue(output), Console.Out, Console.Error, cancellationToken);
});
return await command.Parse(args).InvokeAsync();
