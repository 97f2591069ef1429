using Guestwire.Client;
using Guestwire.Protocol;

namespace Guestwire.Cli.Facts;

/// <summary>Asks for what not every agent tells: it may be too old, or its administrator may deny it. Then there is a remark instead.</summary>
/// <param name="features">What the agent can do; where that is not known, it is asked for everything.</param>
internal sealed class GuestQuestions(Answer<GuestFeatures> features)
{
    /// <summary>What the agent can do.</summary>
    internal Answer<GuestFeatures> Features => features;

    /// <summary>Opens the connection and asks what may be asked.</summary>
    /// <exception cref="IOException">The agent cannot be reached.</exception>
    /// <exception cref="TimeoutException">It does not answer.</exception>
    internal static async Task<GuestQuestions> BeginAsync(GuestClient guest, CancellationToken cancellation)
    {
        try
        {
            return new GuestQuestions(Answer<GuestFeatures>.Of(await guest.GetFeaturesAsync(cancellation).ConfigureAwait(false)));
        }
        catch (QapiException exception)
        {
            return new GuestQuestions(Answer<GuestFeatures>.Unknown(exception.Message));
        }
    }

    /// <summary>Whether a command may be worth sending.</summary>
    internal bool CanAsk(string command) => !features.IsKnown || features.Value.IsEnabled(command);

    /// <summary>Asks by a command.</summary>
    /// <param name="command">Its name.</param>
    /// <param name="ask">Sends it. It is on its way, in its order, when this method returns its task.</param>
    /// <exception cref="IOException">The agent is gone.</exception>
    internal async Task<Answer<T>> AskAsync<T>(string command, Func<Task<T>> ask)
        where T : notnull
    {
        if (features.IsKnown && !features.Value.IsEnabled(command))
        {
            return Answer<T>.Unknown(features.Value.Has(command) ? $"{command} is disabled in the guest" : $"the agent has no {command}");
        }

        try
        {
            return Answer<T>.Of(await ask().ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is QapiException or TimeoutException)
        {
            return Answer<T>.Unknown(exception.Message.Contains(command, StringComparison.Ordinal) ? exception.Message : $"{command}: {exception.Message}");
        }
    }
}
