using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace ModelOperator.Router.Forwarding;

/// <summary>
/// A request's body, kept so that it can be sent again. One that is larger than the bound is passed on as it comes and
/// can only be sent again while nothing has been taken from it.
/// </summary>
internal sealed class CallerBody : IDisposable
{
    private const int FirstBuffer = 16 * 1024;

    private readonly HttpRequest _request;
    private readonly byte[]? _rented;
    private readonly int _length;
    private readonly PassedOnStream? _passedOn;
    private readonly RecordedStream? _recorded;

    private CallerBody(HttpRequest request, byte[]? rented, int length, PassedOnStream? passedOn, RecordedStream? recorded = null)
    {
        _request = request;
        _rented = rented;
        _length = length;
        _passedOn = passedOn;
        _recorded = recorded;
    }

    /// <summary>Whether <see cref="Rewind"/> would send the same bytes.</summary>
    public bool CanReplay => _passedOn is not { Touched: true } && _recorded is not { IsComplete: false };

    /// <summary>Whether all of it was here before it was sent.</summary>
    public bool IsKept => _passedOn is null && _recorded is null;

    /// <summary>The body, where <see cref="IsKept"/>.</summary>
    public ReadOnlyMemory<byte> Kept => _rented.AsMemory(0, _length);

    /// <summary>The length of a body that is here in full; null when it is not.</summary>
    public int? KeptLength =>
        IsKept ? _length
        : _recorded is { IsComplete: true, HasEnded: true } ? _recorded.Recorded.Length
        : null;

    /// <summary>A body to be passed on as it comes, and sent again as far as it is within the bound.</summary>
    public static CallerBody Record(HttpContext context, int bound) =>
        new(context.Request, null, 0, null, new RecordedStream(context.Request.Body, bound));

    /// <summary>The bytes of a body of which <see cref="KeptLength"/> is known.</summary>
    public byte[] Copy() => _recorded is not null ? _recorded.Recorded.ToArray() : (_rented ?? []).AsSpan(0, _length).ToArray();

    /// <summary>Reads a body, up to the bound.</summary>
    /// <exception cref="BadHttpRequestException">The body is too large or malformed; carries the status to answer.</exception>
    /// <exception cref="IOException">The caller went away.</exception>
    public static async ValueTask<CallerBody> ReadAsync(HttpContext context, int bound)
    {
        var request = context.Request;
        if (context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return new CallerBody(request, null, 0, null);
        }
        var announced = request.ContentLength;
        if (announced > bound)
        {
            return new CallerBody(request, null, 0, new PassedOnStream(default, request.Body));
        }

        var source = request.Body;
        var buffer = ArrayPool<byte>.Shared.Rent((int)(announced ?? FirstBuffer));
        var length = 0;
        try
        {
            while (length != announced)
            {
                if (length == buffer.Length)
                {
                    buffer = Grow(buffer, bound);
                }
                var read = await source.ReadAsync(buffer.AsMemory(length), context.RequestAborted);
                if (read == 0)
                {
                    break;
                }
                length += read;
                if (length > bound)
                {
                    return new CallerBody(request, buffer, length, new PassedOnStream(buffer.AsMemory(0, length), source));
                }
            }
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }

        // The length is known now, and there are servers that take no body without one.
        request.Headers.TransferEncoding = default;
        request.ContentLength = length;
        return new CallerBody(request, buffer, length, null);
    }

    /// <summary>Sets the request up to be sent from the body's start.</summary>
    public void Rewind()
    {
        if (_recorded is not null)
        {
            _recorded.Rewind();
            _request.Body = _recorded;
        }
        else if (_passedOn is not null)
        {
            _request.Body = _passedOn;
        }
        else if (_rented is not null)
        {
            _request.Body = new MemoryStream(_rented, 0, _length, writable: false);
        }
    }

    /// <summary>Gives the memory back; nothing may read the request's body any more.</summary>
    public void Dispose()
    {
        if (_rented is not null)
        {
            _request.Body = Stream.Null;
            ArrayPool<byte>.Shared.Return(_rented);
        }
        _recorded?.Release();
    }

    private static byte[] Grow(byte[] buffer, int bound)
    {
        var larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(2L * buffer.Length, Math.Max(bound, buffer.Length) + 1L));
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
