namespace ModelOperator.Controller.Analysis.Prometheus;

/// <summary>The result types of the query API that hold numbers.</summary>
internal enum PrometheusResultKind
{
    Scalar,
    Vector,
    Matrix,
}
