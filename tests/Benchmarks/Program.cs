using System.CommandLine;
using ModelOperator.Benchmarks;
using ModelOperator.Benchmarks.Figures;
using ModelOperator.Benchmarks.Serving;

var filter = new Argument<string>("filter") { Description = "Runs the benchmarks whose name begins with this.", DefaultValueFactory = _ => "" };
var command = new RootCommand("Measures and prints figures.") { filter };
command.SetAction(async (result, cancellationToken) =>
{
    var prefix = result.GetRequiredValue(filter);
    var chosen = Catalog.All.Where(benchmark => benchmark.Name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToList();
    if (chosen.Count == 0)
    {
        await Console.Error.WriteLineAsync($"bench: no benchmark begins with '{prefix}'; there are: {string.Join(", ", Catalog.All.Select(benchmark => benchmark.Name))}");
        return 2;
    }

    var report = new FigureReport(Console.Out);
    foreach (var benchmark in chosen)
    {
        Console.WriteLine($"bench: {benchmark.Name}");
        await benchmark.RunAsync(report, cancellationToken);
    }

    Console.WriteLine(report.Short == 0 ? "bench: no figure is short of its target" : $"bench: {report.Short} figures are short of their targets");
    return 0;
});

var port = new Argument<int>("port");
var emptyPost = new Command(EmptyPost.Command, "Answers anything with nothing; what servers are measured against.") { port };
emptyPost.Hidden = true;
emptyPost.SetAction(result => EmptyPost.RunAsync(result.GetRequiredValue(port)));
command.Subcommands.Add(emptyPost);
return await command.Parse(args).InvokeAsync();
