namespace ModelOperator.Serving.Hosting;

/// <summary>A setting is missing or makes no sense; the message names it.</summary>
internal sealed class SettingException(string message) : Exception(message);
