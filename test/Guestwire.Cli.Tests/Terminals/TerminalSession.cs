using System.Diagnostics;
using System.Text;
using Guestwire.Client.Interop;
using Guestwire.Client.Tests.Transports;
using Microsoft.Win32.SafeHandles;

namespace Guestwire.Cli.Tests.Terminals;

/// <summary>A program at a terminal of its own, and somebody who types there and sees what it shows.</summary>
internal sealed class TerminalSession : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Has the terminal for its own, as a shell that somebody logs in to has it: Ctrl-C goes to it.</summary>
    private const string Begin =
        """
        terminal=$1
        shift
        stty rows 50 cols 200 < "$terminal" || exit
        exec setsid --ctty --wait env --default-signal=INT "$@" < "$terminal" > "$terminal" 2>&1
        """;

    private readonly Pseudoterminal _pair = new();
    private readonly SafeFileHandle _terminal;
    private readonly Stream _master;
    private readonly Process _process;
    private readonly Task _reading;
    private readonly Lock _lock = new();

    // Guarded by _lock.
    private readonly StringBuilder _shown = new();
    private TaskCompletionSource _more = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _seen;

    private TerminalSession(string[] command, (string Name, string Value)[] variables)
    {
        // As long as somebody has it open its settings stay.
        _terminal = Libc.Open(_pair.Path, Libc.O_RDWR | Libc.O_NOCTTY | Libc.O_CLOEXEC);
        _master = _pair.OpenMaster();
        Before = Settings;
        ProcessStartInfo start = new("/bin/sh", ["-c", Begin, "sh", _pair.Path, .. command]);
        foreach ((string name, string value) in variables)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _reading = ReadAsync();
    }

    /// <summary>How the terminal was before anything ran there.</summary>
    internal Libc.Termios Before { get; }

    /// <summary>How the terminal is.</summary>
    internal Libc.Termios Settings
    {
        get
        {
            Assert.Equal(0, Libc.GetTerminal(_terminal, out Libc.Termios settings));
            return settings;
        }
    }

    /// <summary>Whether the terminal shows what is typed.</summary>
    internal bool ShowsTyping => (Settings.LocalFlags & Libc.ECHO) != 0;

    /// <summary>All that was shown so far.</summary>
    internal string Shown
    {
        get
        {
            lock (_lock)
            {
                return _shown.ToString();
            }
        }
    }

    /// <summary>Starts a program.</summary>
    internal static TerminalSession Start(string[] command, params (string Name, string Value)[] variables) => new(command, variables);

    /// <summary>Starts the command.</summary>
    internal static TerminalSession StartGuestwire(string[] arguments, params (string Name, string Value)[] variables) => Start(
        [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", Path.Combine(AppContext.BaseDirectory, "guestwire.dll"), .. arguments], variables);

    /// <summary>Types.</summary>
    internal Task TypeAsync(string keys) => _master.WriteAsync(Encoding.UTF8.GetBytes(keys)).AsTask();

    /// <summary>Waits until something is shown, behind what was waited for before.</summary>
    internal async Task SeeAsync(string text)
    {
        while (true)
        {
            Task more;
            lock (_lock)
            {
                int index = _shown.ToString().IndexOf(text, _seen, StringComparison.Ordinal);
                if (index >= 0)
                {
                    _seen = index + text.Length;
                    return;
                }

                more = _more.Task;
            }

            try
            {
                await more.WaitAsync(s_patience);
            }
            catch (TimeoutException)
            {
                throw new TimeoutException($"'{text}' was not shown, but: {Shown}");
            }
        }
    }

    /// <summary>Waits for the program's end.</summary>
    /// <returns>Its exit code.</returns>
    internal async Task<int> EndAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(s_patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        await _master.DisposeAsync();
        await _reading;
        _terminal.Dispose();
        _pair.Dispose();
    }

    private async Task ReadAsync()
    {
        byte[] buffer = new byte[4096];
        Decoder decoder = Encoding.UTF8.GetDecoder();
        char[] text = new char[4096];
        try
        {
            int count;
            while ((count = await _master.ReadAsync(buffer)) > 0)
            {
                lock (_lock)
                {
                    _shown.Append(text, 0, decoder.GetChars(buffer, 0, count, text, 0));
                    _more.SetResult();
                    _more = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                }
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The test is over.
        }
    }
}
