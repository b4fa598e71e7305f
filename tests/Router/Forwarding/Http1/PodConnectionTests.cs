using System.Net.Sockets;
using System.Text;
using ModelOperator.Router.Forwarding.Http1;
using ModelOperator.TestSupport;

namespace ModelOperator.Router.Tests.Forwarding.Http1;

internal sealed class PodConnectionTests
{
    private ManualTimeProvider _clock = null!;
    private ScriptedPod _pod = null!;
    private PodConnections _connections = null!;

    [SetUp]
    public void Start()
    {
        _clock = new ManualTimeProvider();
        _pod = new ScriptedPod(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
            {
                await connection.SendAsync("answer");
            }
        });
        _connections = new PodConnections(_pod.Address);
    }

    [TearDown]
    public async Task Stop() => await _pod.DisposeAsync();

    [Test]
    public async Task A_deadline_that_passes_closes_the_connection_and_fails_the_read()
    {
        var connection = await ConnectAsync();
        var read = connection.ReadMoreAsync();

        _clock.Advance(TimeSpan.FromSeconds(11));

        Assert.That(async () => await read, Throws.InstanceOf<SocketException>());
        Assert.That(connection.HasMissedDeadline, Is.True);
    }

    [Test]
    public async Task A_deadline_that_moves_does_not_pass()
    {
        var connection = await ConnectAsync();
        for (var i = 0; i < 10; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(6));
            Assert.That(connection.SetDeadline(In(10)), Is.True);
        }
        connection.SetDeadline(null);
        _clock.Advance(TimeSpan.FromHours(1));
        connection.SetDeadline(In(10));

        await ExchangeAsync(connection);
        Assert.That(connection.HasMissedDeadline, Is.False);
        connection.Close();
    }

    [Test]
    public async Task What_waits_for_too_long_is_closed()
    {
        var connection = await ConnectAsync();
        await ExchangeAsync(connection);
        connection.Release();
        Assert.That(_connections.Idle, Is.EqualTo(1));

        _clock.Advance(TimeSpan.FromSeconds(11));
        _clock.Advance(TimeSpan.FromSeconds(80));

        Assert.That(_connections.Idle, Is.Zero);
        Assert.That(_connections.TryTake(In(10)), Is.Null);
        Assert.That(() => _pod.Closed, Is.EqualTo(1).After(30_000, 5));
    }

    [Test]
    public async Task The_deadline_of_an_exchange_holds_after_a_long_wait()
    {
        var connection = await ConnectAsync();
        await ExchangeAsync(connection);
        connection.Release();
        _clock.Advance(TimeSpan.FromSeconds(60));
        var again = _connections.TryTake(In(10));
        Assert.That(again, Is.SameAs(connection));
        var read = again!.ReadMoreAsync();

        _clock.Advance(TimeSpan.FromSeconds(11));

        Assert.That(async () => await read, Throws.InstanceOf<SocketException>());
        Assert.That(connection.HasMissedDeadline, Is.True);
    }

    [Test]
    public async Task A_read_that_fills_the_buffer_makes_the_next_ones_larger_and_a_kept_connection_small_again()
    {
        var text = new string('x', 1_000_000);
        await using var pod = new ScriptedPod(async connection =>
        {
            while (await connection.ReadRequestAsync() is not null)
            {
                await connection.SendAsync(text);
            }
        });
        var connection = await new PodConnections(pod.Address).ConnectAsync(TimeSpan.FromSeconds(30), In(100), _clock, CancellationToken.None);
        for (var exchange = 0; exchange < 3; exchange++)
        {
            await connection.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
            var read = new StringBuilder();
            while (read.Length < text.Length)
            {
                Assert.That(await connection.ReadMoreAsync(), Is.True);
                // Not all of it, until the end has come: the rest is kept for the next time.
                var taken = read.Length + connection.Unread.Length < text.Length ? connection.Unread.Length / 2 : connection.Unread.Length;
                read.Append(Encoding.Latin1.GetString(connection.Unread[..taken]));
                connection.Advance(taken);
            }
            Assert.That(read.ToString(), Is.EqualTo(text));
            connection.Release();
            Assert.That(connection.TryTake(In(100)), Is.True);
        }
        connection.Close();
    }

    private ValueTask<PodConnection> ConnectAsync() => _connections.ConnectAsync(TimeSpan.FromSeconds(30), In(10), _clock, CancellationToken.None);

    private static async Task ExchangeAsync(PodConnection connection)
    {
        await connection.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        for (var read = 0; read < "answer".Length;)
        {
            Assert.That(await connection.ReadMoreAsync(), Is.True);
            read += connection.Unread.Length;
            connection.Advance(connection.Unread.Length);
        }
    }

    private long In(int seconds) => _clock.GetTimestamp() + (seconds * _clock.TimestampFrequency);
}
