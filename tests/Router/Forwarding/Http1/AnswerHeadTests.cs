using System.Text;
using ModelOperator.Router.Forwarding.Http1;

namespace ModelOperator.Router.Tests.Forwarding.Http1;

internal sealed class AnswerHeadTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    [TestCase(Ok + "Content-Length: 5\r\n\r\n", 5, false, false)]
    [TestCase(Ok + "content-length:5\r\nCONTENT-LENGTH: 5 \r\n\r\n", 5, false, false, TestName = "the same length twice")]
    [TestCase(Ok + "Transfer-Encoding: Chunked\r\n\r\n", 0, false, false)]
    [TestCase(Ok + "\r\n", long.MaxValue, true, false, TestName = "until the connection is closed")]
    [TestCase("HTTP/1.0 200 OK\r\n\r\n", long.MaxValue, true, false)]
    [TestCase("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 0, false, true)]
    [TestCase("HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n", 0, false, true)]
    public void The_head_says_where_the_body_ends(string bytes, long plain, bool endsWithConnection, bool isComplete)
    {
        var body = Read(bytes).Body(isHead: false);

        Assert.That((body.PlainBytes, body.EndsWithConnection, body.IsComplete), Is.EqualTo((plain, endsWithConnection, isComplete)));
    }

    [Test]
    public void The_answer_to_a_HEAD_has_no_body_whatever_its_head_says() =>
        Assert.That(Read(Ok + "Content-Length: 5\r\n\r\n").Body(isHead: true).IsComplete, Is.True);

    [TestCase(Ok + "\r\n", true)]
    [TestCase(Ok + "Connection: keep-alive\r\n\r\n", true)]
    [TestCase(Ok + "Connection: x, Close\r\n\r\n", false)]
    [TestCase("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\n", false)]
    public void The_head_says_whether_the_connection_stays(string bytes, bool stays) => Assert.That(Read(bytes).KeepsAlive, Is.EqualTo(stays));

    [TestCase("HTTP/1.1 200\r\n\r\n", 200, "")]
    [TestCase("HTTP/1.1 200 \r\n\r\n", 200, "")]
    [TestCase("HTTP/1.1 299 Very well\r\n\r\n", 299, "Very well")]
    public void A_status_line_is_a_code_and_perhaps_a_phrase(string bytes, int status, string reason)
    {
        var head = Read(bytes + "and more");

        Assert.That((head.Status, bytes[head.Reason], head.Length), Is.EqualTo((status, reason, bytes.Length)));
    }

    [Test]
    public void No_part_of_a_head_is_a_head()
    {
        const string whole = Ok + "Content-Length: 5\r\nX: y\r\n\r\n";
        for (var length = 0; length < whole.Length; length++)
        {
            Assert.That(AnswerHead.TryRead(Encoding.Latin1.GetBytes(whole[..length]), out _), Is.False, whole[..length]);
        }
    }

    [TestCase(Ok + "Content-Length: 5\r\nContent-Length: 6\r\n\r\n")]
    [TestCase(Ok + "Content-Length: 5, 5\r\n\r\n")]
    [TestCase(Ok + "Content-Length: -5\r\n\r\n")]
    [TestCase(Ok + "Content-Length: +5\r\n\r\n")]
    [TestCase(Ok + "Content-Length:\r\n\r\n")]
    [TestCase(Ok + "Content-Length: 99999999999999999999\r\n\r\n")]
    [TestCase(Ok + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [TestCase(Ok + "Transfer-Encoding: gzip, chunked\r\n\r\n")]
    [TestCase(Ok + "Transfer-Encoding: identity\r\n\r\n")]
    [TestCase(Ok + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [TestCase("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [TestCase(Ok + "Content-Length : 5\r\n\r\n")]
    [TestCase(Ok + "X: y\r\n Content-Length: 5\r\n\r\n")]
    [TestCase(Ok + "X: y\nContent-Length: 5\r\n\r\n")]
    [TestCase(Ok + "X: y\0\r\n\r\n")]
    [TestCase(Ok + ": y\r\n\r\n")]
    [TestCase(Ok + "no colon\r\n\r\n")]
    [TestCase("HTTP/2 200\r\n\r\n")]
    [TestCase("HTTP/1.1 20\r\n\r\n")]
    [TestCase("HTTP/1.1 2000\r\n\r\n")]
    [TestCase("HTTP/1.1 020 OK\r\n\r\n")]
    [TestCase("HTTP/1.1 200 O\nK\r\n\r\n")]
    [TestCase("\r\n\r\n")]
    public void What_somebody_else_could_read_differently_is_no_head(string bytes) =>
        Assert.That(() => Read(bytes), Throws.InstanceOf<MalformedAnswerException>());

    [Test]
    public void A_head_without_an_end_is_refused_at_a_bound() =>
        Assert.That(() => Read(Ok + "X: " + new string('x', AnswerHead.MaxLength)), Throws.InstanceOf<MalformedAnswerException>());

    private static AnswerHead Read(string bytes) =>
        AnswerHead.TryRead(Encoding.Latin1.GetBytes(bytes), out var head) ? head : throw new AssertionException("no head yet");
}
