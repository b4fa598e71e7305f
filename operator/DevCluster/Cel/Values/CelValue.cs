using System.Collections.Immutable;

namespace ModelOperator.DevCluster.Cel.Values;

/// <summary>A value of an evaluation. Errors are values, because <c>&amp;&amp;</c>, <c>||</c>, <c>all</c> and <c>exists</c> absorb them.</summary>
internal abstract record CelValue
{
    public static readonly Error NoSuchOverload = new("no such overload");
    public static readonly Bool True = new(true);
    public static readonly Bool False = new(false);

    /// <summary>
    /// The schema leaves its type open (int-or-string, unknown fields, <c>dyn()</c>). Comparing it with another type is then an honest false,
    /// where a typed comparison would not have compiled.
    /// </summary>
    public bool IsDynamic { get; init; }

    /// <summary>The name that <c>type()</c> and errors give it.</summary>
    public abstract string TypeName { get; }

    /// <summary>The value to look up in a map: 1.0 and 1 are the same key, and where a key came from does not matter.</summary>
    public CelValue AsKey() => this is Double number && Math.Truncate(number.Value) == number.Value && Math.Abs(number.Value) < 1L << 53
        ? new Int((long)number.Value)
        : this with { IsDynamic = false };

    internal sealed record Null : CelValue
    {
        public static readonly Null Instance = new();

        public override string TypeName => "null_type";
    }

    internal sealed record Bool(bool Value) : CelValue
    {
        public override string TypeName => "bool";
    }

    internal sealed record Int(long Value) : CelValue
    {
        public override string TypeName => "int";
    }

    internal sealed record Double(double Value) : CelValue
    {
        public override string TypeName => "double";
    }

    internal sealed record String(string Value) : CelValue
    {
        public override string TypeName => "string";
    }

    /// <summary>A list; <paramref name="IsUnordered"/> when the schema says set or map, whose order does not count in a comparison.</summary>
    internal sealed record List(ImmutableArray<CelValue> Items, bool IsUnordered = false) : CelValue
    {
        public override string TypeName => "list";
    }

    internal sealed record Map(IReadOnlyDictionary<CelValue, CelValue> Entries) : CelValue
    {
        public override string TypeName => "map";
    }

    internal sealed record Duration(long Nanoseconds) : CelValue
    {
        public override string TypeName => "google.protobuf.Duration";
    }

    internal sealed record Timestamp(DateTimeOffset Value) : CelValue
    {
        public override string TypeName => "google.protobuf.Timestamp";
    }

    internal sealed record Optional(CelValue? Value) : CelValue
    {
        public override string TypeName => "optional_type";
    }

    internal sealed record Type(string Name) : CelValue
    {
        public override string TypeName => "type";

        public static bool IsKnown(string name) =>
            name is "bool" or "int" or "double" or "string" or "list" or "map" or "null_type" or "type";
    }

    internal sealed record Error(string Message) : CelValue
    {
        public override string TypeName => "error";
    }
}
