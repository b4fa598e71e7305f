namespace ModelOperator.OpenInference.Reporting;

internal enum OutputFormat
{
    Text,
    Json,
}
