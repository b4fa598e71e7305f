namespace ModelOperator.Benchmarks.Serving;

/// <summary>What wrk is told to send.</summary>
internal static class LoadScript
{
    /// <returns>The script's file; the body lies beside it.</returns>
    public static string Write(string directory, string name, byte[] body, string contentType, int? jsonLength = null)
    {
        var bytes = Path.Combine(directory, name + ".body");
        File.WriteAllBytes(bytes, body);
        var script = Path.Combine(directory, name + ".lua");
        var header = jsonLength is { } length ? $"wrk.headers[\"{DigitRequest.JsonLengthHeader}\"] = \"{length}\"" : "";
        File.WriteAllText(
            script,
            $"""
            wrk.method = "POST"
            wrk.body = io.open("{bytes}", "rb"):read("*a")
            wrk.headers["Content-Type"] = "{contentType}"
            {header}
            """);
        return script;
    }
}
