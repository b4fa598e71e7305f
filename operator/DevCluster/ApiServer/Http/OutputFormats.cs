
namespace ModelOperator.DevCluster.ApiServer.Http;

internal static class OutputFormats
{
    private const string Supported = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

    /// <exception cref="ApiException">None of the accepted types can be served.</exception>
    public static OutputFormat Negotiate(HttpRequest request)
    {
        var accept = request.Headers.Accept.ToString();
        if (accept.Length == 0)
        {
            return OutputFormat.Object;
        }

        foreach (var clause in accept.Split(','))
        {
            var parts = clause.Split(';', StringSplitOptions.TrimEntries);
            if (parts[0] is not ("application/json" or "*/*" or "application/*"))
            {
                continue;
            }

            var kind = Array.Find(parts, part => part.StartsWith("as=", StringComparison.Ordinal))?[3..];
            var version = Array.Find(parts, part => part.StartsWith("v=", StringComparison.Ordinal))?[2..];
            switch (kind)
            {
                case null:
                    return OutputFormat.Object;
                case "Table" when version == "v1":
                    return OutputFormat.Table;
                case "PartialObjectMetadata" or "PartialObjectMetadataList" when version == "v1":
                    return OutputFormat.PartialMetadata;
            }
        }

        throw accept.Contains("application/json", StringComparison.Ordinal) ? ApiErrors.NotAcceptable(Supported) : ApiErrors.NotAcceptable();
    }
}
