using System.Diagnostics;
using System.Globalization;
using EndToEnd.ProcessSuite;
using SystemProcess = System.Diagnostics.Process;

namespace EndToEnd.Hooks;

/// <summary>One of the hooks of packaging/hooks, with a configuration of a test's own, called as the agent calls it.</summary>
internal sealed class ReadyHook
{
    private const string Variable = "FSFREEZE_HOOK_CONF";

    private readonly string _name;
    private readonly string _folder;

    /// <param name="name">The hook.</param>
    /// <param name="folder">A folder of the test.</param>
    /// <param name="settings">Its configuration, by lines.</param>
    internal ReadyHook(string name, string folder, params string[] settings)
    {
        _name = name;
        _folder = Path.Combine(folder, "hook");
        Directory.CreateDirectory(_folder);
        Set([$"state={State}", .. settings]);
    }

    /// <summary>Where the hook keeps what it has to remember, if anything.</summary>
    internal string State => Path.Combine(_folder, "state");

    /// <summary>Adds to its configuration.</summary>
    internal void Set(params string[] settings) => File.AppendAllLines(Path.Combine(_folder, _name), settings);

    /// <summary>Calls it, and expects that all went well without a word.</summary>
    internal void Do(string phase) => Assert.Equal((0, ""), Call(phase));

    /// <summary>Calls it.</summary>
    /// <returns>Its status and what it said.</returns>
    internal (int Status, string Said) Call(string phase)
    {
        using SystemProcess process = Start(phase);
        string said = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(RunningAgent.Patience), "the hook does not end");
        return (process.ExitCode, said);
    }

    /// <summary>Starts it.</summary>
    internal SystemProcess Start(string phase)
    {
        string hook = Path.Combine(Checkout.Root, "packaging", "hooks", _name);
        ProcessStartInfo start = new("sh", ["-c", "exec \"$0\" \"$@\" 2>&1", hook, phase]) { RedirectStandardOutput = true };
        start.Environment[Variable] = _folder;
        return SystemProcess.Start(start)!;
    }

    /// <summary>The processes that it has started and that still run.</summary>
    internal IEnumerable<int> Left => Directory.GetDirectories("/proc")
        .Where(process => int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out _) && HasOurEnvironment(process))
        .Select(process => int.Parse(Path.GetFileName(process), CultureInfo.InvariantCulture));

    /// <summary>Waits until none of them is left.</summary>
    internal void WaitUntilNothingIsLeft()
    {
        RunningAgent.WaitUntil(() => !Left.Any(), "the hook's processes to end");
        Assert.False(Directory.Exists(State));
    }

    // A zombie has no environment any more.
    private bool HasOurEnvironment(string process)
    {
        try
        {
            return File.ReadAllText(process + "/environ").Split('\0').Contains($"{Variable}={_folder}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
