using Google.Protobuf;
using ModelOperator.Serving.Loading;
using ModelOperator.Serving.Loading.OnnxFiles;

namespace ModelOperator.Serving.Tests.Loading;

/// <summary>Model files that mean harm, or are broken, are refused before ONNX Runtime opens them.</summary>
internal sealed class OnnxFileCheckTests
{
    private string _directory = null!;

    [SetUp]
    public void CreateDirectory() => _directory = Directory.CreateTempSubdirectory("onnx-file-").FullName;

    [TearDown]
    public void DeleteDirectory() => Directory.Delete(_directory, recursive: true);

    [TestCase("../secret.bin")]
    [TestCase("data/../../secret.bin")]
    [TestCase("/etc/hostname")]
    [TestCase("./weights.bin")]
    [TestCase("data//weights.bin")]
    [TestCase("..\\secret.bin")]
    [TestCase("")]
    public void External_data_outside_the_directory_is_refused(string location) =>
        Refused(Graph(Tensor([4], location)), $"refers to external data at \"{location}\", which is not inside its directory");

    [Test]
    public void External_data_behind_a_symbolic_link_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "real"));
        File.WriteAllBytes(Path.Combine(_directory, "real", "weights.bin"), new byte[16]);
        Directory.CreateSymbolicLink(Path.Combine(_directory, "link"), Path.Combine(_directory, "real"));
        File.CreateSymbolicLink(Path.Combine(_directory, "weights.bin"), "/etc/hostname");

        Refused(Graph(Tensor([4], "weights.bin")), "where there is a symbolic link");
        Refused(Graph(Tensor([4], "link/weights.bin")), "where there is a symbolic link");
    }

    [Test]
    public void External_data_of_a_branch_of_an_attribute_and_of_a_function_is_found()
    {
        var bad = Tensor([4], "../x");
        var attribute = Message(5, bad);
        Refused(Graph(body: Message(1, Message(5, Message(6, bad)))), "../x");
        Refused(Graph(body: Message(1, attribute)), "../x");
        Refused(Graph(body: []).Concat(Message(25, Message(7, attribute))), "../x");
    }

    [Test]
    public void External_data_that_is_not_there_or_too_short_is_refused()
    {
        Refused(Graph(Tensor([4], "weights.bin")), "needs \"weights.bin\" beside it, which is not there");
        File.WriteAllBytes(Path.Combine(_directory, "weights.bin"), new byte[16]);
        Refused(Graph(Tensor([4], "weights.bin", "8", "16")), "is said to be 16 bytes from byte 8 of weights.bin, which has 16");
        Refused(Graph(Tensor([1_000_000], "weights.bin")), "is said to be of shape [1000000], but 16 bytes are there for it");
        Refused(Graph(Tensor([4], "weights.bin", "-8")), "has \"-8\" as offset");
    }

    [Test]
    public void External_data_beside_the_model_is_listed()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "data"));
        File.WriteAllBytes(Path.Combine(_directory, "data", "b.bin"), new byte[32]);
        File.WriteAllBytes(Path.Combine(_directory, "a.bin"), new byte[16]);

        Assert.That(Check(Graph([.. Tensor([4], "data/b.bin", "16", "16"), .. Tensor([4], "a.bin")])), Is.EqualTo(["a.bin", "data/b.bin"]));
    }

    [Test]
    public void Dimensions_that_the_file_has_no_data_for_are_refused()
    {
        Refused(Graph(Tensor([long.MaxValue], raw: 16)), $"is said to be of shape [{long.MaxValue}], but 16 bytes are there for it");
        Refused(Graph(Tensor([1L << 40, 1L << 40], raw: 16)), "but 16 bytes are there for it");
        Refused(Graph(Tensor([-1], raw: 16)), "is said to be of shape [-1]");
        Assert.That(Check(Graph(Tensor([1L << 40, 0], raw: 0))), Is.Empty);
        Assert.That(Check(Graph(Tensor([32], raw: 16))), Is.Empty, "four bits an element");
    }

    [Test]
    public void A_sparse_tensor_that_would_be_huge_is_refused() =>
        Refused(Graph(body: Message(15, Message(1, Content([1], 4)).Concat(Number(3, 1L << 50)))), "'(sparse)' is said to be of shape");

    [Test]
    public void A_file_that_is_cut_anywhere_is_refused_or_has_lost_nothing_of_the_graph()
    {
        var whole = Graph(Tensor([64], raw: 256));
        for (var length = 1; length < whole.Length; length++)
        {
            Refused(whole[..length], "is no ONNX model that this server can load");
        }
        Assert.That(Check(whole), Is.Empty);
    }

    [Test]
    public void Graphs_nested_without_end_are_refused()
    {
        IEnumerable<byte> graph = [];
        for (var i = 0; i < 2000; i++)
        {
            graph = Message(1, Message(5, Message(6, graph))).ToArray();
        }
        Refused(Graph(body: graph), "its graphs are nested more than 32 deep");
    }

    [Test]
    public void Random_bytes_never_do_more_than_be_refused()
    {
        var whole = Graph(Tensor([64], raw: 256));
        for (var seed = 0; seed < 5_000; seed++)
        {
            var random = new Random(seed);
            var bytes = whole.ToArray();
            for (var i = 0; i < 1 + (seed % 8); i++)
            {
                bytes[random.Next(Math.Min(bytes.Length, 48))] = (byte)random.Next(256);
            }
            try
            {
                OnnxFileReader.Tensors(bytes);
            }
            catch (InvalidDataException)
            {
                // What it is to say.
            }
        }
    }

    private IReadOnlyList<string> Check(IEnumerable<byte> model)
    {
        var path = Path.Combine(_directory, "model.onnx");
        File.WriteAllBytes(path, [.. model]);
        return OnnxFileCheck.Run(path);
    }

    private void Refused(IEnumerable<byte> model, string message) => Assert.That(
        () => Check(model), Throws.TypeOf<ModelLoadException>().With.Message.Contains(message).And.Message.Not.Contains("\n"));

    private static byte[] Graph(IEnumerable<byte> body) => Message(7, body);

    private static byte[] Tensor(long[] shape, string location, string? offset = null, string? length = null) =>
    [
        .. Message(5, Content(shape, null).Concat(Number(14, 1)).Concat(Entry("location", location))
            .Concat(offset is null ? [] : Entry("offset", offset)).Concat(length is null ? [] : Entry("length", length))),
    ];

    private static byte[] Tensor(long[] shape, int raw) => Message(5, Content(shape, raw));

    private static IEnumerable<byte> Content(long[] shape, int? raw) => shape.SelectMany(one => Number(1, one))
        .Concat(Number(2, 1)).Concat(Text(8, "w")).Concat(raw is { } bytes ? Message(9, new byte[bytes]) : []);

    private static byte[] Entry(string key, string value) => Message(13, Text(1, key).Concat(Text(2, value)));

    private static byte[] Text(int field, string value) => Message(field, System.Text.Encoding.UTF8.GetBytes(value));

    private static byte[] Message(int field, IEnumerable<byte> content) => Written(output =>
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom([.. content]));
    });

    private static byte[] Number(int field, long value) => Written(output =>
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    });

    private static byte[] Written(Action<CodedOutputStream> write)
    {
        using var memory = new MemoryStream();
        using (var output = new CodedOutputStream(memory, leaveOpen: true))
        {
            write(output);
        }
        return memory.ToArray();
    }
}
