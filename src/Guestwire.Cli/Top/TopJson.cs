using System.Text.Json;
using Guestwire.Cli.Facts;
using Guestwire.Cli.Output;
using Guestwire.Protocol;

namespace Guestwire.Cli.Top;

/// <summary>What top tells of a guest, as JSON.</summary>
internal static class TopJson
{
    /// <summary>Writes it.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="rates">What happened since the sample before.</param>
    /// <param name="processes">How many processes to tell of at most.</param>
    internal static void Write(Utf8JsonWriter writer, Rates rates, int processes)
    {
        writer.WriteStartObject();
        writer.WriteNumber("host-ns", ClockReading.NanosecondsOf(rates.Now.Time));
        Wire.WriteMember(writer, "load", rates.Now.Load, GuestLoadAverageCodec.Write);
        WriteList(writer, "cpus", rates.Processors, rate =>
        {
            writer.WriteNumber("cpu", rate.Cpu);
            writer.WriteNumber("busy-percent", Percent(rate.Busy));
            writer.WriteNumber("iowait-percent", Percent(rate.Waiting));
            writer.WriteNumber("steal-percent", Percent(rate.Stolen));
        });
        Wire.WriteMember(writer, "memory", rates.Now.Memory, GuestwireMemoryCodec.Write);
        WriteList(writer, "disks", rates.Disks, rate => WriteTransfer(writer, rate, "read", "write"));
        WriteList(writer, "interfaces", rates.Interfaces, rate => WriteTransfer(writer, rate, "rx", "tx"));
        WriteList(writer, "processes", rates.Processes.Select(list => (IReadOnlyList<ProcessRate>)[.. list.Take(processes)]), rate =>
        {
            writer.WriteNumber("pid", rate.Process.Pid);
            writer.WriteString("user", rate.Process.User);
            writer.WriteNumber("user-id", rate.Process.UserId);
            writer.WriteString("name", rate.Process.Name);
            writer.WriteString("command", rate.Process.Command);
            writer.WriteString("state", rate.Process.State);
            writer.WriteNumber("cpu-percent", Percent(rate.Busy));
            writer.WriteNumber("resident-bytes", rate.Process.ResidentBytes);
        });
        writer.WriteEndObject();
    }

    private static void WriteTransfer(Utf8JsonWriter writer, TransferRate rate, string to, string from)
    {
        writer.WriteString("name", rate.Name);
        writer.WriteNumber($"{to}-bytes-per-second", Math.Round(rate.In));
        writer.WriteNumber($"{from}-bytes-per-second", Math.Round(rate.Out));
    }

    private static void WriteList<T>(Utf8JsonWriter writer, string name, Answer<IReadOnlyList<T>> list, Action<T> writeMembers)
    {
        if (!list.IsKnown)
        {
            writer.WriteNull(name);
            return;
        }

        writer.WriteStartArray(name);
        foreach (T item in list.Value)
        {
            writer.WriteStartObject();
            writeMembers(item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static double Percent(double share) => Math.Round(share * 100, 2);
}
