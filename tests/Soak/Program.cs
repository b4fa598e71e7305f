using System.CommandLine;
using ModelOperator.Soak;

var seconds = new Option<TimeSpan>("--duration")
{
    Description = "How long, for example 90s or 10m.",
    DefaultValueFactory = _ => TimeSpan.FromMinutes(10),
    CustomParser = result => result.Tokens.Single().Value is { Length: > 1 } text && double.TryParse(text[..^1], out var number)
        ? text[^1] == 'm' ? TimeSpan.FromMinutes(number) : TimeSpan.FromSeconds(number)
        : throw new FormatException("a duration is a number followed by s or m"),
};
var command = new RootCommand("Runs the informer and the controller against an API that misbehaves, and checks that nothing is lost.") { seconds };
command.SetAction(async (result, cancellationToken) =>
{
    try
    {
        await using var run = await SoakRun.StartAsync(Console.Out);
        await run.RunAsync(result.GetRequiredValue(seconds), cancellationToken);
    }
    catch (SoakViolationException violation)
    {
        Console.WriteLine($"soak: FAILED: {violation.Message}");
        return 1;
    }

    Console.WriteLine("soak: passed");
    return 0;
});
return await command.Parse(args).InvokeAsync();
