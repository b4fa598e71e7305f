namespace ModelOperator.Serving.Fetching;

/// <summary>A URI fit to be shown: without user information, query and fragment, where credentials and signatures are.</summary>
internal static class UriText
{
    public static string WithoutSecrets(Uri uri) => uri.IsFile
        ? uri.GetComponents(UriComponents.Scheme | UriComponents.Path | UriComponents.KeepDelimiter, UriFormat.UriEscaped)
        : uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
