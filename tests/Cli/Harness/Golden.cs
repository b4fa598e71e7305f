using System.Text.RegularExpressions;

namespace ModelOperator.Cli.Tests.Harness;

/// <summary>Expected outputs, kept beside the tests. <c>UPDATE_GOLDEN=1</c> writes them anew, for a person to read the difference.</summary>
internal static partial class Golden
{
    public static void Check(string name, RunResult result)
    {
        var path = TestedCluster.Repository.PathOf("tests", "Cli", "Golden", $"{name}.txt");
        var actual = Steady(result.ToString());
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is { Length: > 0 })
        {
            File.WriteAllText(path, actual);
            return;
        }

        Assert.That(actual, Is.EqualTo(File.ReadAllText(path)), $"{path} differs; UPDATE_GOLDEN=1 writes it anew");
    }

    // What differs from run to run.
    private static string Steady(string text) => Space().Replace(Port().Replace(Clock().Replace(Stamp().Replace(text, "YYYY-MM-DD${at}HH:MM:SSZ"), "HH:MM:SSZ"), "127.0.0.1:PORT"), "NAMESPACE");

    [GeneratedRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}(?<at>[T ])[0-9:]{8}(\\.[0-9]+)?Z")]
    private static partial Regex Stamp();

    [GeneratedRegex("[0-9]{2}:[0-9]{2}:[0-9]{2}Z")]
    private static partial Regex Clock();

    [GeneratedRegex("test-[0-9]+")]
    private static partial Regex Space();

    [GeneratedRegex("127\\.0\\.0\\.1:[0-9]+")]
    private static partial Regex Port();
}
