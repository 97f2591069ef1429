using System.Globalization;

namespace Guestwire.Agent.State;

/// <summary>How long a freeze may still take, as a whole and for the next filesystem. It starts when it is made.</summary>
/// <param name="settings">The limits.</param>
/// <param name="time">The clock.</param>
internal sealed class FreezeDeadline(FreezeSettings settings, TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();

    /// <summary>What is left for the whole freeze, at least zero; null when there is no limit.</summary>
    internal TimeSpan? Left
    {
        get
        {
            TimeSpan? left = settings.FreezeTimeout - time.GetElapsedTime(_began);
            return left < TimeSpan.Zero ? TimeSpan.Zero : left;
        }
    }

    /// <summary>How long the next filesystem may take, and which limit that is, for people.</summary>
    internal (TimeSpan? Limit, string Name) ForOne()
    {
        TimeSpan? left = Left;
        TimeSpan? one = settings.FilesystemTimeout;
        return one is null || left < one
            ? (left, $"the freeze was not done within {Seconds(settings.FreezeTimeout)} (freeze-timeout)")
            : (one, $"it was not done within {Seconds(one)} (filesystem-timeout)");
    }

    /// <summary>A time for people.</summary>
    internal static string Seconds(TimeSpan? time) =>
        string.Create(CultureInfo.InvariantCulture, $"{time?.TotalSeconds:0.###} second{(time == TimeSpan.FromSeconds(1) ? "" : "s")}");
}
