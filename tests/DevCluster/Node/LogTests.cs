using System.Text;
using ModelOperator.DevCluster.Node.Containers;
using ModelOperator.DevCluster.Node.Server;

namespace ModelOperator.DevCluster.Tests.Node;

internal sealed class LogTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly LogRequest Request = new("", "", "");
    private string _folder = null!;

    private string Log => Path.Combine(_folder, "log");

    private string Message => Path.Combine(_folder, "message");

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory().FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [TestCase("a\nb\nc\n", 2, "b\nc\n")]
    [TestCase("a\nb\nc", 2, "b\nc")]
    [TestCase("a\n", 5, "a\n")]
    [TestCase("a\nb\n", 0, "")]
    [TestCase("", 3, "")]
    [TestCase("\n\n\n", 2, "\n\n")]
    public async Task The_tail_of_a_log_is_its_last_lines(string text, int lines, string tail)
    {
        await File.WriteAllTextAsync(Log, text);
        using var copy = new MemoryStream();

        await ContainerLogReader.CopyAsync(Log, Request with { TailLines = lines }, new LogClock(), ended: null, copy, TimeProvider.System, CancellationToken.None);

        Assert.That(Encoding.UTF8.GetString(copy.ToArray()), Is.EqualTo(tail));
        Assert.That(Encoding.UTF8.GetString(LogTail.LastLines(Encoding.UTF8.GetBytes(text), lines)), Is.EqualTo(tail));
    }

    [Test]
    public async Task The_tail_of_a_log_larger_than_a_chunk_is_found()
    {
        var lines = Enumerable.Range(0, 20_000).Select(n => $"line {n}").ToList();
        await File.WriteAllLinesAsync(Log, lines);
        using var copy = new MemoryStream();

        await ContainerLogReader.CopyAsync(Log, Request with { TailLines = 5000 }, new LogClock(), ended: null, copy, TimeProvider.System, CancellationToken.None);

        Assert.That(Encoding.UTF8.GetString(copy.ToArray()), Is.EqualTo(string.Concat(lines.TakeLast(5000).Select(l => l + "\n"))));
    }

    [Test]
    public async Task Following_a_log_ends_with_the_container_and_misses_nothing()
    {
        await File.WriteAllTextAsync(Log, "first\n");
        var ended = new TaskCompletionSource();
        using var copy = new MemoryStream();

        var copying = ContainerLogReader.CopyAsync(Log, Request, new LogClock(), ended.Task, copy, TimeProvider.System, CancellationToken.None);
        await File.AppendAllTextAsync(Log, "last\n");
        ended.SetResult();
        await copying;

        Assert.That(Encoding.UTF8.GetString(copy.ToArray()), Is.EqualTo("first\nlast\n"));
    }

    [TestCase(false, null, "late\n")]
    [TestCase(true, null, "2026-01-01T12:00:10.000000000Z late\n")]
    [TestCase(true, 34L, "2026-01-01T12:00:10.000000000Z lat")]
    public async Task What_was_written_since_a_time_can_be_read_with_times_up_to_a_limit(bool timestamps, long? limit, string expected)
    {
        await File.WriteAllTextAsync(Log, "early\nlate\n");
        var clock = new LogClock();
        clock.Observe(6, Noon);
        clock.Observe(11, Noon.AddSeconds(10));
        using var copy = new MemoryStream();
        var request = Request with { Since = Noon.AddSeconds(5), Timestamps = timestamps, LimitBytes = limit };

        await ContainerLogReader.CopyAsync(Log, request, clock, ended: null, copy, TimeProvider.System, CancellationToken.None);

        Assert.That(Encoding.UTF8.GetString(copy.ToArray()), Is.EqualTo(expected));
    }

    [Test]
    public void A_log_clock_forgets_precision_before_it_forgets_time()
    {
        var clock = new LogClock();
        for (var second = 1; second <= 10_000; second++)
        {
            clock.Observe(second * 10L, Noon.AddSeconds(second));
        }

        Assert.That(clock.TimeOf(99_995, Noon), Is.EqualTo(Noon.AddSeconds(10_000)));
        Assert.That(clock.TimeOf(5_000, Noon), Is.EqualTo(Noon.AddSeconds(501)).Within(TimeSpan.FromSeconds(64)));
        Assert.That(clock.TimeOf(200_000, Noon), Is.EqualTo(Noon));
    }

    [Test]
    public void A_termination_message_file_is_the_message()
    {
        File.WriteAllText(Message, """{"sha256":"ab"}""");
        File.WriteAllText(Log, "noise");

        Assert.That(TerminationMessage.Read(Message, Log, "FallbackToLogsOnError", failed: false), Is.EqualTo("""{"sha256":"ab"}"""));
    }

    [TestCase("FallbackToLogsOnError", true, "why it failed\n")]
    [TestCase("FallbackToLogsOnError", false, null)]
    [TestCase("File", true, null)]
    [TestCase(null, true, null)]
    public void Only_by_policy_and_after_a_failure_the_log_is_the_message(string? policy, bool failed, string? message)
    {
        File.WriteAllText(Log, "why it failed\n");

        Assert.That(TerminationMessage.Read(Message, Log, policy, failed), Is.EqualTo(message));
    }

    [Test]
    public void A_long_log_gives_at_most_2048_bytes_or_80_lines()
    {
        File.WriteAllText(Log, string.Concat(Enumerable.Repeat("x\n", 1000)));
        Assert.That(TerminationMessage.Read(Message, Log, "FallbackToLogsOnError", failed: true), Is.EqualTo(string.Concat(Enumerable.Repeat("x\n", 80))));

        File.WriteAllText(Log, new string('y', 5000));
        Assert.That(TerminationMessage.Read(Message, Log, "FallbackToLogsOnError", failed: true), Has.Length.EqualTo(2048));
    }
}
