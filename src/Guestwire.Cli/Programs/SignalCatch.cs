using System.Runtime.InteropServices;

namespace Guestwire.Cli.Programs;

/// <summary>Takes the signals that ask us to end, in place of ending.</summary>
internal sealed class SignalCatch : IDisposable
{
    private static readonly PosixSignal[] s_signals = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    private readonly PosixSignalRegistration[] _registrations;

    /// <summary>Takes them from now on.</summary>
    /// <param name="take">Gets the number of each.</param>
    internal SignalCatch(Action<int> take) => _registrations =
        [.. s_signals.Select(signal => PosixSignalRegistration.Create(signal, context =>
        {
            context.Cancel = true;
            take(SignalNumbers.Of(context.Signal));
        }))];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }
}
