using System.Text;
using FsCheck;
using FsCheck.Fluent;
using ModelOperator.Router.Forwarding.Http1;

namespace ModelOperator.Router.Tests.Forwarding.Http1;

internal sealed class AnswerBodyTests
{
    private const int Mutations = 20_000;

    private static readonly string[] Answers =
    [
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\nhello world",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;name=value\r\nhello\r\n006 \r\n world\r\n0\r\nX-Sum: 7\r\nX-Other: a\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\nuntil the end",
    ];

    [Test]
    public void Any_split_of_the_bytes_gives_the_same_answer() =>
        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1000),
            Prop.ForAll(
                Arb.From(Gen.Elements(Answers)),
                Arb.From(Gen.Choose(1, 30).NonEmptyListOf()),
                (answer, sizes) => Read(Encoding.Latin1.GetBytes(answer + "NEXT"), sizes) == Read(Encoding.Latin1.GetBytes(answer + "NEXT"), [int.MaxValue])));

    [Test]
    public void Content_and_trailers_are_told_from_what_frames_them()
    {
        var (content, trailers, left) = Read(Encoding.Latin1.GetBytes(Answers[1] + "NEXT"), [int.MaxValue]);

        Assert.That((content, trailers, left), Is.EqualTo(("hello world", "X-Sum: 7\r\nX-Other: a\r\n", "NEXT")));
    }

    [TestCase("5\r\nhello")]
    [TestCase("5\r\nhello\r\n0\r\n")]
    public void A_body_that_is_cut_off_is_not_complete(string chunks)
    {
        var body = AnswerBody.Chunked();
        var bytes = Encoding.Latin1.GetBytes(chunks);
        for (var taken = 0; taken < bytes.Length;)
        {
            taken += body.Read(bytes.AsSpan(taken), out _);
        }

        Assert.That(body.IsComplete, Is.False);
    }

    [TestCase("\r\n")]
    [TestCase("x\r\n")]
    [TestCase("-1\r\n")]
    [TestCase("0x5\r\nhello\r\n")]
    [TestCase("1000000000000000\r\n", TestName = "a size beyond all answers")]
    [TestCase("5\nhello\r\n")]
    [TestCase("5;a\nb\r\nhello\r\n")]
    [TestCase("5\r\nhello0\r\n\r\n")]
    [TestCase("5\r\nhello\n0\r\n\r\n")]
    [TestCase("0\r\nX: y\n\r\n")]
    [TestCase("0\r\n\n")]
    public void Chunks_that_somebody_else_could_read_differently_are_refused(string chunks) => Assert.That(
        () => Read(Encoding.Latin1.GetBytes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks), [int.MaxValue]),
        Throws.InstanceOf<MalformedAnswerException>());

    [Test]
    public void What_frames_the_content_is_bounded()
    {
        const string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        Assert.That(() => Read(Encoding.Latin1.GetBytes(head + "5;" + new string('x', 5000)), [100]), Throws.InstanceOf<MalformedAnswerException>());
        Assert.That(() => Read(Encoding.Latin1.GetBytes(head + "0\r\nX: " + new string('x', 20_000)), [100]), Throws.InstanceOf<MalformedAnswerException>());
    }

    [Test]
    public void Wrong_bytes_are_refused_or_read_and_never_lost_or_made_up()
    {
        var random = new Random(1);
        var refused = 0;
        for (var run = 0; run < Mutations; run++)
        {
            var bytes = Encoding.Latin1.GetBytes(Answers[random.Next(Answers.Length)]);
            for (var change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = random.Next(3) == 0 ? "\r\n:;0"u8[random.Next(5)] : (byte)random.Next(256);
            }
            var whole = Outcome(bytes, [int.MaxValue]);
            if (Outcome(bytes, [random.Next(1, 20), random.Next(1, 20)]) != whole)
            {
                Assert.Fail($"another answer when it comes in pieces: {Encoding.Latin1.GetString(bytes)}");
            }
            refused += whole is null ? 1 : 0;
        }
        Assert.That(refused, Is.InRange(Mutations / 100, Mutations * 99 / 100), "both happen");
    }

    private static (string, string, string)? Outcome(byte[] bytes, IReadOnlyList<int> sizes)
    {
        try
        {
            return Read(bytes, sizes);
        }
        catch (MalformedAnswerException)
        {
            return null;
        }
    }

    // As a connection is read: pieces are added to what has not been taken.
    private static (string Content, string Trailers, string Left) Read(byte[] bytes, IReadOnlyList<int> sizes)
    {
        var (start, end, piece) = (0, 0, 0);
        AnswerHead head;
        while (!AnswerHead.TryRead(bytes.AsSpan(start, end - start), out head))
        {
            if (end == bytes.Length)
            {
                return ("", "", "no head");
            }
            More();
        }
        start += head.Length;
        var body = head.Body(isHead: false);
        var content = new StringBuilder();
        while (!body.IsComplete)
        {
            if (start == end)
            {
                if (end == bytes.Length)
                {
                    break;
                }
                More();
            }
            start += body.Read(bytes.AsSpan(start, end - start), out var part);
            content.Append(Encoding.Latin1.GetString(part));
        }
        return (content.ToString(), Encoding.Latin1.GetString(body.Trailers), Encoding.Latin1.GetString(bytes.AsSpan(start)));

        void More() => end = (int)Math.Min(bytes.Length, end + (long)sizes[piece++ % sizes.Count]);
    }
}
