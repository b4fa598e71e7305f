using System.Globalization;

namespace ModelOperator.Serving.Hosting;

/// <summary>
/// Settings from the environment; a flag of the same name wins: <c>MODEL_PATH</c> is <c>--model-path</c>.
/// </summary>
internal sealed class Settings
{
    private readonly IConfiguration _values;

    private Settings(IConfiguration values) => _values = values;

    /// <exception cref="SettingException">A flag is unknown or has no value.</exception>
    public static Settings From(string[] args, IReadOnlyList<string> known, IConfiguration? environment = null)
    {
        var flags = known.ToDictionary(name => "--" + name.ToLowerInvariant().Replace('_', '-'), StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i++)
        {
            var name = args[i].Split('=', 2)[0];
            if (!flags.ContainsKey(name))
            {
                throw new SettingException($"{name} is no setting of this command; there are {string.Join(' ', flags.Keys)}.");
            }
            if (!args[i].Contains('=') && ++i == args.Length)
            {
                throw new SettingException($"{name} needs a value.");
            }
        }
        return new Settings(new ConfigurationBuilder()
            .AddConfiguration(environment ?? new ConfigurationBuilder().AddEnvironmentVariables().Build())
            .AddCommandLine(args, flags)
            .Build());
    }

    /// <summary>Null when it is not set or empty.</summary>
    public string? Find(string name) => _values[name] is { Length: > 0 } value ? value : null;

    public string Require(string name) => Find(name) ?? throw new SettingException($"{name} is not set.");

    public long Number(string name, long fallback, long min, long max)
    {
        if (Find(name) is not { } text)
        {
            return fallback;
        }
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= min && value <= max
            ? value
            : throw new SettingException($"{name} is \"{text}\"; it must be a whole number from {min} to {max}.");
    }

    /// <summary>A lower-case hexadecimal SHA-256, or null.</summary>
    public string? Sha256(string name)
    {
        var text = Find(name)?.ToLowerInvariant();
        return text is null || (text.Length == 64 && text.All(char.IsAsciiHexDigitLower))
            ? text
            : throw new SettingException($"{name} is \"{text}\"; a SHA-256 has 64 hexadecimal digits.");
    }
}
