using System.Text;

namespace ModelOperator.DevCluster.Cel.Syntax;

/// <summary>Cuts an expression into tokens, by the lexis of the CEL language definition less bytes and unsigned integers.</summary>
internal sealed class CelLexer
{
    private static readonly string[] Operators =
        ["&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", ".", ",", "(", ")", "[", "]", "{", "}"];

    private readonly string _text;
    private int _at;

    private CelLexer(string text) => _text = text;

    /// <exception cref="CelSyntaxException">A character that starts no token, or a token that does not end.</exception>
    public static List<CelToken> Tokenize(string text)
    {
        var lexer = new CelLexer(text);
        var tokens = new List<CelToken>();
        do
        {
            tokens.Add(lexer.Next());
        }
        while (tokens[^1].Kind != CelTokenKind.End);
        return tokens;
    }

    private char Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : '\0';

    private CelToken Next()
    {
        SkipSpace();
        var start = _at;
        if (start == _text.Length)
        {
            return new CelToken(CelTokenKind.End, "", start);
        }

        var c = Peek();
        if (char.IsAsciiDigit(c) || (c == '.' && char.IsAsciiDigit(Peek(1))))
        {
            return Number();
        }

        if (c is '"' or '\'')
        {
            return new CelToken(CelTokenKind.String, QuotedString(raw: false), start);
        }

        if (c is 'r' or 'R' && Peek(1) is '"' or '\'')
        {
            _at++;
            return new CelToken(CelTokenKind.String, QuotedString(raw: true), start);
        }
        if (c is 'b' or 'B' && Peek(1) is '"' or '\'')
        {
            throw new CelSyntaxException(start, "bytes literals are not supported");
        }

        if (char.IsAsciiLetter(c) || c == '_')
        {
            while (char.IsAsciiLetterOrDigit(Peek()) || Peek() == '_')
            {
                _at++;
            }

            return new CelToken(CelTokenKind.Identifier, _text[start.._at], start);
        }
        foreach (var candidate in Operators)
        {
            if (string.CompareOrdinal(_text, start, candidate, 0, candidate.Length) != 0)
            {
                continue;
            }

            _at += candidate.Length;
            return new CelToken(CelTokenKind.Operator, candidate, start);
        }
        throw new CelSyntaxException(start, $"token recognition error at: '{c}'");
    }

    private void SkipSpace()
    {
        while (_at < _text.Length)
        {
            if (Peek() is ' ' or '\t' or '\n' or '\r' or '\f')
            {
                _at++;
            }
            else if (Peek() == '/' && Peek(1) == '/')
            {
                while (_at < _text.Length && Peek() != '\n')
                {
                    _at++;
                }
            }
            else
            {
                return;
            }
        }
    }

    private CelToken Number()
    {
        var start = _at;
        var kind = CelTokenKind.Int;
        if (Peek() == '0' && Peek(1) is 'x' or 'X' && char.IsAsciiHexDigit(Peek(2)))
        {
            _at += 2;
            while (char.IsAsciiHexDigit(Peek()))
            {
                _at++;
            }
        }
        else
        {
            SkipDigits();
            if (Peek() == '.' && char.IsAsciiDigit(Peek(1)))
            {
                kind = CelTokenKind.Double;
                _at++;
                SkipDigits();
            }
            var sign = Peek(1) is '+' or '-' ? 1 : 0;
            if (Peek() is 'e' or 'E' && char.IsAsciiDigit(Peek(1 + sign)))
            {
                kind = CelTokenKind.Double;
                _at += 1 + sign;
                SkipDigits();
            }
        }
        if (Peek() is 'u' or 'U')
        {
            throw new CelSyntaxException(_at, "unsigned integers are not supported");
        }

        return new CelToken(kind, _text[start.._at], start);
    }

    private void SkipDigits()
    {
        while (char.IsAsciiDigit(Peek()))
        {
            _at++;
        }
    }

    private string QuotedString(bool raw)
    {
        var start = _at;
        var quote = Peek();
        var isTriple = Peek(1) == quote && Peek(2) == quote;
        var delimiter = new string(quote, isTriple ? 3 : 1);
        _at += delimiter.Length;
        var value = new StringBuilder();
        while (_at < _text.Length)
        {
            if (string.CompareOrdinal(_text, _at, delimiter, 0, delimiter.Length) == 0)
            {
                _at += delimiter.Length;
                return value.ToString();
            }
            if (!isTriple && Peek() is '\n' or '\r')
            {
                break;
            }

            if (Peek() == '\\' && !raw)
            {
                value.Append(Escape());
            }
            else
            {
                value.Append(_text[_at++]);
            }
        }
        throw new CelSyntaxException(start, "a string literal does not end");
    }

    private string Escape()
    {
        var start = _at++;
        var c = Peek();
        _at++;
        return c switch
        {
            'a' => "\a",
            'b' => "\b",
            'f' => "\f",
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'v' => "\v",
            '\\' or '?' or '"' or '\'' or '`' => c.ToString(),
            'x' or 'X' => CodePoint(start, digits: 2, radix: 16),
            'u' => CodePoint(start, digits: 4, radix: 16),
            'U' => CodePoint(start, digits: 8, radix: 16),
            >= '0' and <= '3' => CodePoint(start, --_at, digits: 3, radix: 8),
            _ => throw new CelSyntaxException(start, "unknown escape sequence in a string literal"),
        };
    }

    private string CodePoint(int start, int digits, int radix) => CodePoint(start, _at, digits, radix);

    private string CodePoint(int start, int from, int digits, int radix)
    {
        long value = 0;
        for (var i = 0; i < digits; i++)
        {
            var c = from + i < _text.Length ? _text[from + i] : '\0';
            var digit = char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : radix;
            if (digit >= radix)
            {
                throw new CelSyntaxException(start, $"an escape sequence needs {digits} digits");
            }

            value = value * radix + digit;
        }
        _at = from + digits;
        if (value > 0x10FFFF || !Rune.IsValid((int)value))
        {
            throw new CelSyntaxException(start, "an escape sequence names no Unicode character");
        }

        return new Rune((int)value).ToString();
    }
}
