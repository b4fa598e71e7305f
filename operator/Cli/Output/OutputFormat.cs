namespace ModelOperator.Cli.Output;

/// <summary>In which form an answer is written.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For people, with more columns.</summary>
    Wide,

    Json,
    Yaml,

    /// <summary>The kind and name alone.</summary>
    Name,
}
