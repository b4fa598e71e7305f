namespace ModelOperator.SampleClient;

/// <summary>Asks a digits model.</summary>
internal interface IDigitClient
{
    /// <param name="pixels">64 of them, row by row, 0 to 16.</param>
    /// <exception cref="HttpRequestException">The server cannot be reached or refuses; the message tells why.</exception>
    Task<(long Label, float[] Probabilities)> ClassifyAsync(float[] pixels);
}
