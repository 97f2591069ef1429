using Guestwire.Agent.Platform;
using Guestwire.Protocol;

namespace Guestwire.Agent.State;

/// <summary>
/// The administrator's programs that are told before filesystems freeze and after they have thawed, so that databases are in order on disk:
/// the one program that the option names, then those of a folder in order; after the thaw the other way round. One that was told of a
/// freeze is told of the thaw, whatever became of itself or of the freeze.
/// </summary>
/// <param name="program">The program of the option, or null; it is told of every thaw. It runs its own folder <c>PROGRAM.d</c>, if any.</param>
/// <param name="directory">The folder.</param>
/// <param name="timeout">How long each call may take; null for no limit.</param>
/// <param name="helper">Runs them.</param>
/// <param name="log">Told of each call.</param>
internal sealed class FreezeHooks(string? program, IHookDirectory directory, TimeSpan? timeout, IHelperProgram helper, IAgentLog log)
{
    private const string Freeze = "freeze";
    private const string Thaw = "thaw";

    /// <summary>What of a hook's output goes into errors and log, its end. Our own limit.</summary>
    private const int MaxSaidChars = 2000;

    private readonly List<string> _told = [];
    private bool _isOwedToAll;

    // The program that comes with the reference, a conffile that outlives its package, runs that folder's hooks: they would run twice.
    private bool IsOfProgram => program is not null && directory.Path == program + ".d";

    /// <summary>Tells them that filesystems are about to freeze, until one fails.</summary>
    /// <param name="deadline">How long the freeze may take of which this is a part; null for no limit.</param>
    /// <exception cref="QapiException">GenericError: one failed, and what it wrote is in the text; or one cannot be trusted, and none was run.</exception>
    internal void BeforeFreeze(FreezeDeadline? deadline = null)
    {
        IReadOnlyList<HookFile> hooks = IsOfProgram ? [] : directory.List();
        foreach (HookFile hook in hooks)
        {
            if (hook.Refusal is not null)
            {
                throw new QapiException(RefusalOf(hook));
            }
        }

        RunProgram(Freeze, Rest());
        foreach (HookFile hook in hooks)
        {
            _told.Add(hook.Path);
            if (TryRun(hook.Path, Freeze, Rest()) is string failure)
            {
                log.Log(LogLevel.Critical, failure);
                throw new QapiException(failure);
            }
        }

        // Also when nothing is left: the hook is run, so that the error names it.
        TimeSpan? Rest() => deadline?.Left is { } left && !(left >= timeout) ? left : timeout;
    }

    /// <summary>Tells them that filesystems have thawed: all, whoever fails.</summary>
    /// <exception cref="QapiException">GenericError: one failed, the first of those that did; what it wrote is in the text.</exception>
    internal void AfterThaw()
    {
        QapiException? first = null;
        foreach (string hook in TakeOwed())
        {
            if (TryRun(hook, Thaw, timeout) is string failure)
            {
                log.Log(LogLevel.Critical, failure);
                first ??= new QapiException(failure);
            }
        }

        try
        {
            RunProgram(Thaw, timeout);
        }
        catch (QapiException failure) when (first is not null)
        {
            log.Log(LogLevel.Critical, failure.Message);
        }

        if (first is not null)
        {
            throw first;
        }
    }

    /// <summary>A dead agent may have told any of them: the next thaw is told to all that are there.</summary>
    internal void TakeOver() => _isOwedToAll = !IsOfProgram;

    /// <summary>Whom the thaw is to be told, the last one first.</summary>
    private List<string> TakeOwed()
    {
        if (_isOwedToAll)
        {
            _isOwedToAll = false;
            AddAll();
        }

        List<string> owed = [.. _told];
        _told.Clear();
        owed.Reverse();
        return owed;
    }

    private void AddAll()
    {
        try
        {
            foreach (HookFile hook in directory.List())
            {
                if (hook.Refusal is not null)
                {
                    log.Log(LogLevel.Critical, RefusalOf(hook));
                }
                else if (!_told.Contains(hook.Path))
                {
                    _told.Add(hook.Path);
                }
            }
        }
        catch (QapiException failure)
        {
            log.Log(LogLevel.Critical, failure.Message);
        }
    }

    private void RunProgram(string phase, TimeSpan? limit)
    {
        if (program is not null)
        {
            log.Account($"executing fsfreeze hook with arg '{phase}'");
            helper.Run(StartOf(program, phase, limit));
        }
    }

    /// <returns>Why it failed, or null.</returns>
    private string? TryRun(string hook, string phase, TimeSpan? limit)
    {
        log.Account($"executing fsfreeze hook '{hook}' with arg '{phase}'");
        HelperStart start = StartOf(hook, phase, limit);
        HelperEnd end;
        try
        {
            end = helper.TryRun(start);
        }
        catch (QapiException failure)
        {
            return $"fsfreeze hook '{hook}': {failure.Message}";
        }

        string said = EndOf(end.Output);
        if (said.Length > 0)
        {
            log.Log(LogLevel.Info, $"fsfreeze hook '{hook}' said: {said}");
        }

        return (end with { Output = said }).DescribeFailure(start.Action) is string why ? $"fsfreeze hook '{hook}': {why}" : null;
    }

    private static HelperStart StartOf(string path, string phase, TimeSpan? limit) => new("execute fsfreeze hook", path, phase) { Limit = limit };

    private static string RefusalOf(HookFile hook) => $"fsfreeze hook '{hook.Path}' is not run: {hook.Refusal}";

    /// <summary>The last lines of an output.</summary>
    private static string EndOf(string output)
    {
        string text = output.TrimEnd();
        if (text.Length <= MaxSaidChars)
        {
            return text;
        }

        text = text[^MaxSaidChars..];
        return "..." + text[(text.IndexOf('\n', StringComparison.Ordinal) + 1)..];
    }
}
