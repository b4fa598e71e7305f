using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace ModelOperator.Router.Forwarding.Http1;

/// <summary>Reads the answer to one request and passes it on as it comes, or keeps it from the caller.</summary>
internal sealed class PodAnswer(PodConnection connection, Attempt attempt, TimeSpan timeout, TimeProvider time)
{
    // A whole answer up to this is passed on in one piece, even when its head comes first.
    private const int SmallAnswer = 4 * 1024;

    // A pod that says 103 again and again says nothing.
    private const int MostInterim = 10;

    private readonly HttpResponse _response = attempt.Call.Context.Response;
    private AnswerBody _body;

    /// <summary>Whether anything has come.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Passes the answer on; its last part is left to be flushed.</summary>
    /// <returns>Whether the connection is good for another exchange.</returns>
    /// <exception cref="MalformedAnswerException">The answer is none.</exception>
    /// <exception cref="IOException">The pod has closed the connection too early.</exception>
    public async ValueTask<bool> PassOnAsync()
    {
        var head = await ReadHeadAsync();
        attempt.Status = head.Status;
        _body = head.Body(HttpMethods.IsHead(attempt.Call.Context.Request.Method));
        if (attempt.MayWithhold && head.Status >= StatusCodes.Status500InternalServerError)
        {
            attempt.WithheldAnswer = true;
            connection.Advance(head.Length);
            return head.KeepsAlive && IsHere() && Skip();
        }
        // An answer of unknown length is not held: its reader waits for the parts.
        if (!_body.EndsWithConnection && _body.PlainBytes <= (attempt.MayWithhold ? Math.Max(attempt.HeldAnswerBytes, SmallAnswer) : SmallAnswer))
        {
            while (connection.Unread.Length < head.Length + _body.PlainBytes)
            {
                await ReadMoreAsync();
            }
        }
        PassOnHead(head);
        await PassOnBodyAsync();
        return head.KeepsAlive && !_body.EndsWithConnection;
    }

    /// <summary>Makes an answer that cannot be ended visibly broken for a caller that has a part of it.</summary>
    public void Break()
    {
        if (attempt.HasReachedCaller)
        {
            attempt.Call.Context.Abort();
        }
    }

    private async ValueTask<AnswerHead> ReadHeadAsync()
    {
        var interim = 0;
        while (true)
        {
            if (!connection.Unread.IsEmpty && AnswerHead.TryRead(connection.Unread, out var head))
            {
                if (!head.IsInterim)
                {
                    return head;
                }
                // The caller did not ask to continue, nor for another protocol.
                if (head.Status == StatusCodes.Status101SwitchingProtocols || ++interim > MostInterim)
                {
                    throw new MalformedAnswerException($"status {head.Status} was not asked for");
                }
                connection.Advance(head.Length);
                continue;
            }
            await ReadMoreAsync();
        }
    }

    private void PassOnHead(in AnswerHead head)
    {
        var bytes = connection.Unread;
        _response.StatusCode = head.Status;
        var reason = bytes[head.Reason];
        if (!reason.IsEmpty && !Ascii.Equals(reason, ReasonPhrases.GetReasonPhrase(head.Status)) && !reason.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            _response.HttpContext.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = Encoding.ASCII.GetString(reason);
        }
        PassOn(bytes[head.Fields], _response.Headers);
        // What has no body has no length either, but for what a GET would have had.
        if (head.ContentLength is { } length && !(length == 0 && head.Status is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent))
        {
            _response.ContentLength = length;
        }
        attempt.CompleteHeaders(_response.Headers);
        connection.Advance(head.Length);
    }

    private async ValueTask PassOnBodyAsync()
    {
        PassOnUnread();
        while (!_body.IsComplete)
        {
            // What there is goes out before anybody waits for more.
            attempt.HasReachedCaller = true;
            await FlushAsync();
            if (!await connection.ReadMoreAsync())
            {
                if (_body.EndsWithConnection)
                {
                    break;
                }
                throw new IOException("the pod closed the connection in the middle of its answer");
            }
            MoveDeadline();
            PassOnUnread();
        }
        if (!_body.Trailers.IsEmpty && _response.SupportsTrailers())
        {
            PassOn(_body.Trailers, _response.HttpContext.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers);
        }
    }

    private void PassOnUnread()
    {
        while (!connection.Unread.IsEmpty && !_body.IsComplete)
        {
            var taken = _body.Read(connection.Unread, out var content);
            if (!content.IsEmpty)
            {
                attempt.HasReachedCaller = true;
                _response.BodyWriter.Write(content);
            }
            connection.Advance(taken);
        }
    }

    // A caller that is slow to take the answer is the server's to deal with, not the pod's fault.
    private ValueTask FlushAsync()
    {
        var flush = _response.BodyWriter.FlushAsync();
        if (flush.IsCompletedSuccessfully)
        {
            _ = flush.Result;
            return ValueTask.CompletedTask;
        }
        return WaitAsync();

        async ValueTask WaitAsync()
        {
            connection.SetDeadline(null);
            await flush;
            MoveDeadline();
        }
    }

    private async ValueTask ReadMoreAsync()
    {
        if (!await connection.ReadMoreAsync())
        {
            throw new IOException(HasBegun ? "the pod closed the connection in the middle of its answer" : "the pod closed the connection without an answer");
        }
        HasBegun = true;
        MoveDeadline();
    }

    private void MoveDeadline() => connection.SetDeadline(time.GetTimestamp() + (long)(timeout.TotalSeconds * time.TimestampFrequency));

    private bool IsHere() => !_body.EndsWithConnection && connection.Unread.Length >= _body.PlainBytes;

    private bool Skip()
    {
        while (!connection.Unread.IsEmpty && !_body.IsComplete)
        {
            connection.Advance(_body.Read(connection.Unread, out _));
        }
        return _body.IsComplete;
    }

    private static void PassOn(ReadOnlySpan<byte> fields, IHeaderDictionary headers)
    {
        var lines = new FieldLines(fields);
        while (lines.MoveNext())
        {
            var name = AnswerHeaderNames.Of(lines.Name);
            if (!EndToEndHeaders.IsPassedOn(name) || name == HeaderNames.ContentLength)
            {
                continue;
            }
            var value = Encoding.Latin1.GetString(lines.Value);
            try
            {
                if (!headers.TryAdd(name, value))
                {
                    headers[name] = StringValues.Concat(headers[name], value);
                }
            }
            catch (InvalidOperationException refused)
            {
                throw new MalformedAnswerException($"header {name} cannot be passed on: {refused.Message}");
            }
        }
    }
}
