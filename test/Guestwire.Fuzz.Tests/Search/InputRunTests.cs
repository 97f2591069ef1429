using Guestwire.Fuzz.Search;
using Guestwire.Fuzz.Targets;

namespace Guestwire.Fuzz.Tests.Search;

public sealed class InputRunTests
{
    [Fact]
    public void An_input_that_does_nothing_wrong_is_no_fault() => Assert.Null(Run(() => { }));

    [Fact]
    public void A_rule_that_is_broken_is_the_fault() => Assert.Equal("a rule", Run(() => Violation.Unless(false, "a rule", () => "detail"))!.Signature);

    [Fact]
    public void An_exception_is_told_by_its_kind_and_the_method_it_came_from() =>
        Assert.StartsWith("FormatException in Guestwire.Fuzz.Tests.Search.InputRunTests", Run(() => throw new FormatException("x"))!.Signature, StringComparison.Ordinal);

    [Fact]
    public void Memory_without_measure_is_a_fault() =>
        Assert.Equal("an input is read in little memory", Run(() => GC.KeepAlive(new byte[100 * 1024 * 1024]))!.Signature);

    [Fact]
    public void Time_without_measure_is_a_fault() =>
        Assert.Equal("an input is read in no time", Run(() => Burn(TimeSpan.FromSeconds(1)))!.Signature);

    [Fact]
    public void Time_that_others_took_is_none() => Assert.Null(Run(() => Thread.Sleep(TimeSpan.FromMilliseconds(700))));

    private static void Burn(TimeSpan time)
    {
        TimeSpan end = Environment.CpuUsage.TotalTime + time;
        while (Environment.CpuUsage.TotalTime < end)
        {
            Thread.SpinWait(1000);
        }
    }

    private static Fault? Run(Action action) => new InputRun(new ActionTarget(action)).Execute([]);

    private sealed class ActionTarget(Action action) : FuzzTarget
    {
        internal override string Name => "action";

        internal override string About => "does what the test says";

        internal override IEnumerable<byte[]> Seeds => [];

        internal override void Run(ReadOnlySpan<byte> input) => action();
    }
}
