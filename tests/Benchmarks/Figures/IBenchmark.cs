namespace ModelOperator.Benchmarks.Figures;

/// <summary>A run that yields figures. What it compares is measured in the same run, so that a figure never rests on another machine.</summary>
internal interface IBenchmark
{
    /// <summary>Area and subject, as <c>kubernetes.queue</c>; <c>make bench FILTER=</c> matches its beginning.</summary>
    string Name { get; }

    /// <summary>Measures and reports each figure.</summary>
    Task RunAsync(FigureReport report, CancellationToken cancellationToken);
}
