namespace ModelOperator.DevCluster.ApiServer.Http;

/// <summary>What happens to fields that a schema does not know, or that are given twice.</summary>
internal enum FieldValidation
{
    Warn,
    Strict,
    Ignore,
}
