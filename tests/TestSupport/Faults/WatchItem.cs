namespace ModelOperator.TestSupport.Faults;

/// <summary>What an open watch does next: send a line, or meet a fault.</summary>
internal readonly record struct WatchItem(string? Line, Fault? Fault);
