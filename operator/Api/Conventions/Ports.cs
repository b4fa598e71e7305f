namespace ModelOperator.Api.Conventions;

/// <summary>Ports that programs listen on (Triton's for a model pod) and the names they carry in pods and services.</summary>
public static class Ports
{
    public const int RouterHttp = 8000;
    public const int RouterGrpc = 8001;
    public const int RouterMetrics = 8002;
    public const int RouterHealth = 8081;
    public const int OperatorMetrics = 8080;
    public const int OperatorHealth = 8081;
    public const int ModelRest = 8000;
    public const int ModelGrpc = 8001;
    public const int ModelMetrics = 8002;
    public const int ModelHealth = 8081;

    public const string HttpName = "http";
    public const string GrpcName = "grpc";
    public const string MetricsName = "metrics";
    public const string HealthName = "health";
}
