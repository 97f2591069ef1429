using System.Globalization;
using Guestwire.Cli.Facts;
using Guestwire.Cli.Output;
using Guestwire.Protocol;

namespace Guestwire.Cli.Top;

/// <summary>What top shows of a guest, in lines.</summary>
internal static class TopText
{
    /// <summary>Lines besides those of processes.</summary>
    internal const int FixedLines = 7;

    /// <summary>The lines of a guest.</summary>
    /// <param name="rates">What happened since the sample before.</param>
    /// <param name="processes">How many processes to show at most.</param>
    internal static IEnumerable<string> Lines(Rates rates, int processes)
    {
        GuestSample now = rates.Now;
        yield return string.Join("   ", Parts(rates));
        yield return $"{Transfer("disks", "read", "write", rates.Disks)}   {Transfer("network", "in", "out", rates.Interfaces)}";
        if (rates.Processors.Value is { Count: > 1 } processors)
        {
            yield return $"each processor {string.Join(" ", processors.Select(processor => Share(processor.Busy)))}";
        }

        if (!rates.Processes.IsKnown)
        {
            yield break;
        }

        yield return "";
        yield return FormattableString.Invariant($"{"PID",8}  {"USER",-12}  {"S",-1}  {"CPU",7}  {"MEMORY",9}  COMMAND");
        foreach (ProcessRate rate in rates.Processes.Value.Take(processes))
        {
            GuestwireProcess process = rate.Process;
            string user = process.User ?? process.UserId.ToString(CultureInfo.InvariantCulture);
            yield return FormattableString.Invariant(
                $"{process.Pid,8}  {user,-12}  {process.State,-1}  {Share(rate.Busy),7}  {HumanText.Size(process.ResidentBytes),9}  {process.Command ?? $"[{process.Name}]"}");
        }

        if (now.Processes.Value is { Count: 0 })
        {
            yield return "no processes";
        }
    }

    private static IEnumerable<string> Parts(Rates rates)
    {
        GuestSample now = rates.Now;
        if (now.Load.IsKnown)
        {
            yield return FormattableString.Invariant($"load {now.Load.Value.Load1m:0.00} {now.Load.Value.Load5m:0.00} {now.Load.Value.Load15m:0.00}");
        }

        if (rates.Processors.Value is { Count: > 0 } processors)
        {
            double stolen = processors.Average(processor => processor.Stolen);
            yield return $"{processors.Count} processors {Share(processors.Average(processor => processor.Busy))} busy, "
                + $"{Share(processors.Average(processor => processor.Waiting))} waiting for disks{(stolen >= 0.0005 ? $", {Share(stolen)} stolen" : "")}";
        }

        if (now.Memory.IsKnown)
        {
            GuestwireMemory memory = now.Memory.Value;
            yield return $"memory {HumanText.Size(MemoryFigures.UsedBytes(memory))} of {HumanText.Size(memory.TotalBytes)}"
                + (memory.SwapTotalBytes > 0 ? $", swap {HumanText.Size(MemoryFigures.SwapUsedBytes(memory))} of {HumanText.Size(memory.SwapTotalBytes)}" : "");
        }
    }

    private static string Transfer(string what, string to, string from, Answer<IReadOnlyList<TransferRate>> rates)
    {
        TransferRate[] whole = [.. (rates.Value ?? []).Where(rate => !rate.IsPart)];
        return rates.IsKnown
            ? $"{what} {to} {HumanText.Rate(whole.Sum(rate => rate.In))}, {from} {HumanText.Rate(whole.Sum(rate => rate.Out))}"
            : $"{what} not known";
    }

    private static string Share(double share) => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.0} %");
}
