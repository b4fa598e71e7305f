using System.Runtime.CompilerServices;
using System.Text;

namespace ModelOperator.Cli.Logs;

/// <summary>Reads lines of a bounded length; what is longer comes as several.</summary>
internal static class BoundedLines
{
    public static async IAsyncEnumerable<string> ReadAsync(TextReader reader, int longest, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = new char[4096];
        var line = new StringBuilder();
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellationToken)) > 0)
        {
            for (var i = 0; i < read; i++)
            {
                var isEnd = buffer[i] == '\n';
                if (!isEnd)
                {
                    line.Append(buffer[i]);
                }

                if (isEnd || line.Length >= longest)
                {
                    yield return line.ToString().TrimEnd('\r');
                    line.Clear();
                }
            }
        }

        if (line.Length > 0)
        {
            yield return line.ToString();
        }
    }
}
