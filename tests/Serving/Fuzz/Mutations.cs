using System.Text;

namespace ModelOperator.Serving.Tests.Fuzz;

/// <summary>Ways to spoil bytes and the tokens of JSON.</summary>
internal static class Mutations
{
    private static readonly string[] Tokens =
    [
        "0", "-1", "1", "2", "255", "256", "300", "65536", "2147483648", "4294967296", "9223372036854775807", "9223372036854775808",
        "-9223372036854775809", "4611686018427387904", "99999999999999999999999", "1e400", "-0", "1.5", "1e-400", "1E2", "-", "01", "NaN",
        "true", "false", "null", "{}", "[]", "{", "}", "[", "]", ",", ":", "\"", "\"\"", "\"NaN\"", "\"-Infinity\"", "\"FP32\"", "\"BYTES\"", "\"FP16\"",
        "\"f32\"", "\"text\"", "\"grid\"", "\"y_text\"", "\"data\"", "\"shape\"", "\"name\"", "\"inputs\"", "\"outputs\"", "\"id\"", "\"parameters\"",
        "\"binary_data_size\"", "\"binary_data\"", "\"binary_data_output\"", "\"classification\"", "\"\\ud800\"", "\"\\u0000\"", "\"\\ud83d\\ude00\"",
        "\"\\x\"", "/*", "//", " ", "\u00fc", "\u0000",
    ];

    /// <summary>One to three of: flip, drop, repeat or insert bytes, cut the end.</summary>
    public static byte[] Bytes(byte[] bytes, Random random)
    {
        var list = bytes.ToList();
        for (var i = random.Next(1, 4); i > 0 && list.Count > 0; i--)
        {
            var at = random.Next(list.Count);
            var count = Math.Min(random.Next(1, 9), list.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    list[at] = (byte)random.Next(256);
                    break;
                case 1:
                    list[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    list.RemoveRange(at, count);
                    break;
                case 3:
                    list.InsertRange(at, list.GetRange(at, count));
                    break;
                case 4:
                    list.InsertRange(at, Random(random, count));
                    break;
                default:
                    list.RemoveRange(at, list.Count - at);
                    break;
            }
        }
        return [.. list];
    }

    /// <summary>One to three tokens dropped, repeated, swapped, replaced or added; now and then very deep or very long ones.</summary>
    public static byte[] Json(string json, Random random)
    {
        var tokens = Split(json);
        for (var i = random.Next(1, 4); i > 0 && tokens.Count > 0; i--)
        {
            var at = random.Next(tokens.Count);
            switch (random.Next(8))
            {
                case 0:
                    tokens.RemoveAt(at);
                    break;
                case 1:
                    tokens.Insert(at, tokens[at]);
                    break;
                case 2:
                    var other = random.Next(tokens.Count);
                    (tokens[at], tokens[other]) = (tokens[other], tokens[at]);
                    break;
                case 3:
                    tokens.Insert(at, Pick(Tokens, random));
                    break;
                case 4 when random.Next(8) == 0:
                    tokens[at] = new string('[', random.Next(1, 3000));
                    break;
                case 5 when random.Next(8) == 0:
                    tokens[at] = '"' + new string('x', random.Next(1, 20_000)) + '"';
                    break;
                case 6 when random.Next(8) == 0:
                    tokens.RemoveRange(at, tokens.Count - at);
                    break;
                default:
                    tokens[at] = Pick(Tokens, random);
                    break;
            }
        }
        return Encoding.UTF8.GetBytes(string.Concat(tokens));
    }

    public static T Pick<T>(IReadOnlyList<T> list, Random random) => list[random.Next(list.Count)];

    public static byte[] Random(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    private static List<string> Split(string json)
    {
        var tokens = new List<string>();
        for (var i = 0; i < json.Length;)
        {
            var end = i + 1;
            if (json[i] == '"')
            {
                while (end < json.Length && json[end] != '"')
                {
                    end += json[end] == '\\' ? 2 : 1;
                }
                end = Math.Min(end + 1, json.Length);
            }
            else if (char.IsLetterOrDigit(json[i]) || json[i] == '-')
            {
                while (end < json.Length && (char.IsLetterOrDigit(json[end]) || json[end] is '.' or '+' or '-'))
                {
                    end++;
                }
            }
            tokens.Add(json[i..end]);
            i = end;
        }
        return tokens;
    }
}
