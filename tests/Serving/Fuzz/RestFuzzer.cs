using System.IO.Compression;
using System.Text;

namespace ModelOperator.Serving.Tests.Fuzz;

/// <summary>Makes requests for inference over REST: some as they should be, most with something wrong with them.</summary>
internal static class RestFuzzer
{
    private const string Path = "/v2/models/tiny/infer";

    private static readonly string[] Paths =
    [
        "/v2/models/tiny/versions/7/infer", "/v2/models/tiny/versions//infer", "/v2/models//infer", "/v2/models/tiny", "/v2", "/v2/models/tiny/ready",
        "/v2/models/%00/infer", "/v2/models/tiny%2finfer", "/v2/repository/index", "/v2/repository/models/tiny/load", "/", "//", "/v2/health/ready?x=%zz",
        "/v2/models/tiny/versions/99999999999999999999/infer",
    ];

    private static readonly string[] Methods = ["GET", "PUT", "HEAD", "DELETE", "OPTIONS", "post", "PATCH", "X"];

    private static readonly string[] Lengths = ["-1", "0", "1", "abc", "99999999999", "", "1.5", "+3", "0x10", "2147483647", "3,4"];

    private static readonly string[] Headers =
    [
        "Accept-Encoding: gzip", "Accept-Encoding: deflate;q=0.5, gzip;q=0", "Accept-Encoding: ,,;q=x", "Accept-Encoding: *", "Content-Type: text/plain",
        "Content-Type: ;;", "x-request-id: \u0001", "x-request-id: " + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "Expect: 100-continue",
        "Connection: close", "Upgrade: h2c", "Content-Encoding: zstd", "Content-Encoding: gzip, gzip", "Content-Encoding: identity", "traceparent: 00-x",
    ];

    public static RestCase Create(Random random)
    {
        var request = Request(random);
        if (random.Next(20) == 0)
        {
            return new RestCase(Join(Head("POST", Path, request.Json.Length, request.Raw.Length + request.Json.Length), request.Json, request.Raw), true, request.Expected);
        }
        var (json, raw) = (request.Json, request.Raw);
        var headers = new List<string>();
        var (method, path) = ("POST", Path);
        var length = json.Length.ToString();
        for (var i = random.Next(1, 3); i > 0; i--)
        {
            switch (random.Next(12))
            {
                case <= 4:
                    json = Mutations.Json(Encoding.UTF8.GetString(json), random);
                    length = random.Next(4) == 0 ? length : json.Length.ToString();
                    break;
                case 5:
                    json = Mutations.Bytes(json, random);
                    length = json.Length.ToString();
                    break;
                case 6 or 7:
                    raw = Mutations.Bytes(raw, random);
                    break;
                case 8:
                    length = random.Next(2) == 0 ? Mutations.Pick(Lengths, random) : (json.Length + random.Next(-3, 4)).ToString();
                    break;
                case 9:
                    headers.Add(Mutations.Pick(Headers, random));
                    break;
                case 10:
                    path = random.Next(3) == 0 ? Mutations.Pick(Paths, random) : path;
                    break;
                default:
                    method = random.Next(3) == 0 ? Mutations.Pick(Methods, random) : method;
                    break;
            }
        }
        headers.Add($"Inference-Header-Content-Length: {length}");
        return Frame(method, path, headers, Join(json, raw), random);
    }

    private static RestCase Frame(string method, string path, List<string> headers, byte[] body, Random random)
    {
        if (random.Next(6) == 0)
        {
            var encoding = Mutations.Pick(["gzip", "deflate", "br"], random);
            headers.Add("Content-Encoding: " + encoding);
            body = Compress(random.Next(5) == 0 ? "gzip" : encoding, random.Next(50) == 0 ? new byte[400_000] : body);
            body = random.Next(3) == 0 ? Mutations.Bytes(body, random) : body;
        }
        var framed = true;
        byte[] rest;
        switch (random.Next(12))
        {
            case 0:
                headers.Add("Transfer-Encoding: chunked");
                var cut = random.Next(body.Length + 1);
                rest = Join(Chunk(body[..cut]), Chunk(body[cut..]), "0\r\n\r\n"u8.ToArray());
                break;
            case 1:
                headers.Add("Transfer-Encoding: " + Mutations.Pick(["chunked", "chunked", "gzip", "chunked, chunked"], random));
                rest = Mutations.Bytes(Join(Chunk(body), "0\r\n\r\n"u8.ToArray()), random);
                framed = false;
                break;
            case 2:
                headers.Add($"Content-Length: {(random.Next(2) == 0 ? Mutations.Pick(Lengths, random) : body.Length + random.Next(-20, 20))}");
                rest = body;
                framed = false;
                break;
            default:
                headers.Add($"Content-Length: {body.Length}");
                rest = body;
                break;
        }
        var head = Encoding.Latin1.GetBytes($"{method} {path} HTTP/1.1\r\nHost: x\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");
        if (random.Next(25) == 0)
        {
            head = Mutations.Bytes(head, random);
            framed = false;
        }
        // To HEAD there is no body, and with these headers another answer may come first, or the connection may end.
        string[] special = ["Expect", "Upgrade", "Connection"];
        framed &= method == "POST" && !headers.Any(header => special.Any(header.StartsWith));
        return new RestCase(Join(head, rest), framed, null);
    }

    private static (byte[] Json, byte[] Raw, byte[] Expected) Request(Random random)
    {
        var sizes = new Dictionary<string, long> { ["n"] = random.Next(0, 5), ["p"] = random.Next(0, 4), ["q"] = random.Next(0, 4) };
        var tensors = FuzzModel.Inputs.Select(input => FuzzTensor.Create(input, random, sizes)).ToArray();
        var raw = new List<byte>();
        var inputs = new List<string>();
        foreach (var tensor in tensors)
        {
            var bytes = tensor.Raw;
            var binary = tensor.Input.IsHalf || random.Next(2) == 0;
            var data = binary ? $"\"parameters\":{{\"binary_data_size\":{bytes.Length}}}" : $"\"data\":{tensor.Json}";
            inputs.Add(
                $"{{\"name\":\"{tensor.Input.Name}\",\"shape\":[{string.Join(',', tensor.Shape)}],\"datatype\":\"{tensor.Input.Type}\",{data}}}");
            raw.AddRange(binary ? bytes : []);
        }
        var json = $$$"""{"id":"q","parameters":{"binary_data_output":true},"inputs":[{{{string.Join(',', inputs)}}}]}""";
        return (Encoding.UTF8.GetBytes(json), [.. raw], [.. tensors.SelectMany(tensor => tensor.Raw)]);
    }

    private static byte[] Head(string method, string path, int json, int body) => Encoding.Latin1.GetBytes(
        $"{method} {path} HTTP/1.1\r\nHost: x\r\nInference-Header-Content-Length: {json}\r\nContent-Length: {body}\r\n\r\n");

    private static byte[] Chunk(byte[] bytes) => bytes.Length == 0 ? [] : Join(Encoding.Latin1.GetBytes($"{bytes.Length:x}\r\n"), bytes, "\r\n"u8.ToArray());

    private static byte[] Compress(string encoding, byte[] bytes)
    {
        using var memory = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(memory, CompressionLevel.Fastest, leaveOpen: true),
            _ => new BrotliStream(memory, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            stream.Write(bytes);
        }
        return memory.ToArray();
    }

    private static byte[] Join(params byte[][] parts) => [.. parts.SelectMany(part => part)];
}
