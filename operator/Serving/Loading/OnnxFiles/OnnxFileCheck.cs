using System.IO.MemoryMappedFiles;
using ModelOperator.Serving.Inference;

namespace ModelOperator.Serving.Loading.OnnxFiles;

/// <summary>
/// Looks at a model file before ONNX Runtime opens it: a file that may come from anywhere must not make the server read other
/// files than its own, nor take memory for data that is not there.
/// </summary>
internal static class OnnxFileCheck
{
    /// <summary>Elements that a sparse tensor may have when it is made dense.</summary>
    public const long MaxSparseElements = 1L << 30;

    /// <summary>Elements of the smallest type, four bits, in a byte.</summary>
    private const int MaxElementsPerByte = 2;

    /// <summary>The longest message of protobuf.</summary>
    private const long MaxFileBytes = int.MaxValue;

    /// <returns>The files beside the model that it needs, as paths relative to its directory, in ordinal order.</returns>
    /// <exception cref="ModelLoadException">With one sentence of what is wrong.</exception>
    public static IReadOnlyList<string> Run(string path)
    {
        try
        {
            return Check(path, Read(path));
        }
        catch (InvalidDataException failure)
        {
            throw new ModelLoadException(
                $"{path} is no ONNX model that this server can load: {failure.Message}; fetch it again and check it with onnx.checker.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, failure);
        }
    }

    public static ModelLoadException Unreadable(string path, Exception failure) =>
        new($"{path} cannot be read: {failure.Message.TrimEnd('.')}; check MODEL_PATH and its volume.");

    private static unsafe List<OnnxTensor> Read(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (file.Length == 0)
        {
            throw new ModelLoadException($"{path} is empty; fetch the model again.");
        }
        if (file.Length > MaxFileBytes)
        {
            throw new InvalidDataException("it is larger than 2 GiB, more than an ONNX file can be; export its weights as external data");
        }
        using var map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
        using var view = map.CreateViewAccessor(0, file.Length, MemoryMappedFileAccess.Read);
        byte* pointer = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        try
        {
            return OnnxFileReader.Tensors(new ReadOnlySpan<byte>(pointer, (int)file.Length));
        }
        finally
        {
            view.SafeMemoryMappedViewHandle.ReleasePointer();
        }
    }

    private static string[] Check(string path, List<OnnxTensor> tensors)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var lengths = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var tensor in tensors)
        {
            var stored = tensor.Stored;
            if (tensor.External is { } external)
            {
                if (!lengths.TryGetValue(external.Location, out var length))
                {
                    length = LengthOf(path, directory, external.Location);
                    lengths.Add(external.Location, length);
                }
                stored = external.Length ?? length - external.Offset;
                if (external.Offset > length || stored > length - external.Offset)
                {
                    throw new ModelLoadException(
                        $"{path}: tensor '{tensor.Name}' is said to be {stored} bytes from byte {external.Offset} of {external.Location}, which has {length}; fetch the model again.");
                }
            }
            if (tensor.Elements < 0 || tensor.Elements / MaxElementsPerByte > stored)
            {
                throw new ModelLoadException(
                    $"{path}: tensor '{tensor.Name}' is said to be of shape {TensorSpec.Text([.. tensor.Shape])}, but {stored} bytes are there for it; fetch the model again.");
            }
        }
        return [.. lengths.Keys];
    }

    private static long LengthOf(string path, string directory, string location)
    {
        var parts = location.Split('/');
        if (location.Length == 0 || Path.IsPathRooted(location) || location.Contains('\\') || location.Contains('\0')
            || parts.Any(part => part is "" or "." or ".."))
        {
            throw new ModelLoadException(
                $"{path} refers to external data at \"{location}\", which is not inside its directory; export the model again with its data beside it.");
        }
        var file = directory;
        foreach (var part in parts)
        {
            file = Path.Combine(file, part);
            if (new FileInfo(file).LinkTarget is not null)
            {
                throw new ModelLoadException(
                    $"{path} refers to external data at \"{location}\", where there is a symbolic link; put the file itself there.");
            }
        }
        var info = new FileInfo(file);
        return info.Exists
            ? info.Length
            : throw new ModelLoadException($"{path} needs \"{location}\" beside it, which is not there; fetch the whole directory.");
    }
}
