using System.Text.Json.Nodes;

namespace ModelOperator.DevCluster.ApiServer.Apply;

/// <summary>
/// A set of field paths as a tree. A step is written as FieldsV1 writes it: <c>f:name</c> for a field, <c>k:{"name":"x"}</c> for the item
/// of a map list, <c>v:"x"</c> for the item of a set.
/// </summary>
internal sealed class FieldSet
{
    private readonly SortedDictionary<string, FieldSet> _children = new(StringComparer.Ordinal);

    /// <summary>The path that leads here is itself in the set.</summary>
    public bool IsMember { get; set; }

    public IEnumerable<KeyValuePair<string, FieldSet>> Children => _children;

    public bool IsEmpty => !IsMember && _children.Values.All(child => child.IsEmpty);

    public FieldSet? Child(string step) => _children.GetValueOrDefault(step);

    public FieldSet Ensure(string step)
    {
        if (!_children.TryGetValue(step, out var child))
        {
            _children[step] = child = new FieldSet();
        }

        return child;
    }

    public void Remove(string step) => _children.Remove(step);

    public FieldSet Union(FieldSet other)
    {
        var result = new FieldSet { IsMember = IsMember || other.IsMember };
        foreach (var (step, child) in _children)
        {
            result._children[step] = other.Child(step) is { } twin ? child.Union(twin) : child;
        }

        foreach (var (step, child) in other._children)
        {
            result._children.TryAdd(step, child);
        }

        return result;
    }

    /// <summary>The members of this set that <paramref name="other"/> does not have.</summary>
    public FieldSet Except(FieldSet other)
    {
        var result = new FieldSet { IsMember = IsMember && !other.IsMember };
        foreach (var (step, child) in _children)
        {
            var rest = other.Child(step) is { } twin ? child.Except(twin) : child;
            if (!rest.IsEmpty)
            {
                result._children[step] = rest;
            }
        }

        return result;
    }

    public FieldSet Intersect(FieldSet other)
    {
        var result = new FieldSet { IsMember = IsMember && other.IsMember };
        foreach (var (step, child) in _children)
        {
            if (other.Child(step) is { } twin && child.Intersect(twin) is { IsEmpty: false } common)
            {
                result._children[step] = common;
            }
        }

        return result;
    }

    public bool SetEquals(FieldSet other) => Except(other).IsEmpty && other.Except(this).IsEmpty;

    /// <summary>The members as messages show them: <c>.spec.template.spec.containers[name="x"].image</c>.</summary>
    public IEnumerable<string> Paths(string prefix = "")
    {
        if (IsMember)
        {
            yield return prefix;
        }

        foreach (var (step, child) in _children)
        {
            foreach (var path in child.Paths(prefix + Display(step)))
            {
                yield return path;
            }
        }
    }

    public JsonObject ToFieldsV1()
    {
        var result = new JsonObject();
        foreach (var (step, child) in _children)
        {
            if (child.IsEmpty)
            {
                continue;
            }

            var nested = child.ToFieldsV1();
            if (child.IsMember && nested.Count > 0)
            {
                nested.Insert(0, ".", new JsonObject());
            }

            result[step] = nested;
        }

        return result;
    }

    public static FieldSet FromFieldsV1(JsonObject? fields)
    {
        var result = new FieldSet();
        foreach (var (step, value) in fields ?? [])
        {
            if (step == ".")
            {
                result.IsMember = true;
                continue;
            }

            var nested = value as JsonObject ?? [];
            var child = FromFieldsV1(nested);
            child.IsMember |= nested.Count == 0;
            result._children[step] = child;
        }

        return result;
    }

    private static string Display(string step) => step[0] switch
    {
        'f' => $".{step[2..]}",
        'v' => $"[={step[2..]}]",
        _ => $"[{string.Join(",", JsonNode.Parse(step[2..])!.AsObject().Select(key => $"{key.Key}={key.Value?.ToJsonString() ?? "null"}"))}]",
    };
}
