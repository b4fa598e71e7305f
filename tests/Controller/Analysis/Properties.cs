using FsCheck;
using FsCheck.Fluent;

namespace ModelOperator.Controller.Tests.Analysis;

/// <summary>Runs property tests from a fixed seed, so that a red run can be run again.</summary>
internal static class Properties
{
    private static readonly Config Configuration = Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20261120, 7);

    public static void ForAll<T>(Gen<T> gen, Func<T, bool> property) => Check.One(Configuration, Prop.ForAll(gen.ToArbitrary(), property));
}
