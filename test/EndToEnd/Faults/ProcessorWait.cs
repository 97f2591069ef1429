using System.Globalization;

namespace EndToEnd.Faults;

/// <summary>
/// How long a thread was ready to run and had no processor, as the kernel counts it: what a loaded machine adds to a latency.
/// Source: Linux, Documentation/scheduler/sched-stats.rst, "/proc/PID/schedstat": the second number, in nanoseconds.
/// </summary>
internal static class ProcessorWait
{
    /// <summary>Of the first thread of a process.</summary>
    internal static TimeSpan Of(int processId) => Read($"/proc/{processId}/task/{processId}/schedstat");

    /// <summary>Of the thread that asks.</summary>
    internal static TimeSpan OfThisThread() => Read("/proc/thread-self/schedstat");

    private static TimeSpan Read(string path) =>
        TimeSpan.FromMicroseconds(long.Parse(File.ReadAllText(path).Split(' ')[1], CultureInfo.InvariantCulture) / 1000);
}
