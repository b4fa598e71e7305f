using System.Diagnostics.Metrics;

namespace ModelOperator.Controller.Tests.ModelDeployments.Fakes;

internal sealed class FakeMeters : IMeterFactory
{
    public Meter Create(MeterOptions options) => new(options);

    public void Dispose()
    {
    }
}
