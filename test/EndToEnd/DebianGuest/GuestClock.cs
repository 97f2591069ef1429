using System.Globalization;
using EndToEnd.VirtualMachine;

namespace EndToEnd.DebianGuest;

/// <summary>Times as the guest's own clock has them, so that neither its serial lines nor this machine's load count twice.</summary>
internal static class GuestClock
{
    /// <summary>The command that reads it.</summary>
    internal const string Read = "date +%s%N";

    /// <summary>What the clock shows.</summary>
    internal static async Task<TimeSpan> ReadClockAsync(this GuestShell shell) => Parse(await shell.DoAsync(Read));

    /// <summary>Starts a process that writes into a directory and then notes the time.</summary>
    /// <returns>Waits for it; the time.</returns>
    internal static async Task<Func<Task<TimeSpan>>> StartTimedWriterAsync(this GuestShell shell, string directory)
    {
        string note = $"/run/written-{Guid.NewGuid():N}";
        await shell.DoAsync($"(echo late > {directory}/timed && {Read} > {note}) > /dev/null 2>&1 & true");
        return async () => Parse(await shell.DoAsync($"until [ -s {note} ]; do sleep 0.1; done; cat {note}; rm {note} {directory}/timed"));
    }

    /// <summary>What that command prints.</summary>
    internal static TimeSpan Parse(string nanoseconds) => TimeSpan.FromTicks(long.Parse(nanoseconds, CultureInfo.InvariantCulture) / TimeSpan.NanosecondsPerTick);
}
