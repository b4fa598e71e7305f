namespace ModelOperator.TestSupport.Faults;

/// <summary>The calls that <see cref="FaultyApi"/> answers.</summary>
public enum ApiCall
{
    Get,
    List,
    Watch,
}
