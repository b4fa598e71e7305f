using System.Globalization;

namespace ModelOperator.Soak;

/// <summary>Whether memory stays flat: what lives after a full collection, and what the process holds.</summary>
internal sealed class MemoryGauge
{
    private const double Megabyte = 1024 * 1024;

    // Pools and dictionaries still settle; a leak of 100 bytes per change would be six times as much in ten minutes.
    private const double HeapSlack = 4;
    private const double ResidentSlack = 48;

    private (double Heap, double Resident)? _baseline;

    /// <summary>What was measured last.</summary>
    public string Text { get; private set; } = "";

    /// <summary>Measures; the first measurement taken with <paramref name="isSettled"/> is what later ones must not exceed.</summary>
    /// <exception cref="SoakViolationException">Memory has grown.</exception>
    public void Measure(bool isSettled)
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var heap = GC.GetTotalMemory(forceFullCollection: true) / Megabyte;
        var resident = Resident();
        Text = string.Create(CultureInfo.InvariantCulture, $"live heap {heap:0.0} MB, resident {resident:0} MB");
        if (!isSettled)
        {
            return;
        }

        _baseline ??= (heap, resident);
        if (heap > _baseline.Value.Heap + HeapSlack || resident > _baseline.Value.Resident + ResidentSlack)
        {
            throw new SoakViolationException(string.Create(
                CultureInfo.InvariantCulture, $"memory grew from {_baseline.Value.Heap:0.0} MB live and {_baseline.Value.Resident:0} MB resident to {Text}"));
        }
    }

    // Anonymous memory only: pages of files come and go with what else runs on the machine.
    private static double Resident()
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
