using ModelOperator.Serving.Hosting;

namespace ModelOperator.Serving.Fetching;

/// <summary>What <c>modelserver fetch</c> is told.</summary>
internal sealed record FetchSettings
{
    private static readonly string[] Known = ["MODEL_URI", "MODEL_PATH", "MODEL_SHA256", "MODEL_MAX_BYTES", "TERMINATION_LOG"];

    /// <summary>Where the model is: <c>file:</c>, <c>http:</c> or <c>https:</c>.</summary>
    public required Uri Uri { get; init; }

    /// <summary>The file to write.</summary>
    public required string Path { get; init; }

    /// <summary>The digest that the bytes must have, if it is known.</summary>
    public string? Sha256 { get; init; }

    /// <summary>A model larger than this is refused; default 8 GiB.</summary>
    public long MaxBytes { get; init; } = 8L << 30;

    /// <summary>Where the digest is reported: the container's termination message.</summary>
    public string? TerminationLog { get; init; }

    public static FetchSettings From(string[] args, IConfiguration? environment = null)
    {
        var settings = Settings.From(args, Known, environment);
        var text = settings.Require("MODEL_URI");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
        {
            throw new SettingException($"MODEL_URI is \"{text}\", which is no absolute URI such as https://host/path/model.onnx.");
        }
        return new FetchSettings
        {
            Uri = uri,
            Path = settings.Require("MODEL_PATH"),
            Sha256 = settings.Sha256("MODEL_SHA256"),
            MaxBytes = settings.Number("MODEL_MAX_BYTES", 8L << 30, 1, long.MaxValue),
            TerminationLog = settings.Find("TERMINATION_LOG"),
        };
    }
}
