using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;
using System.Text.Json;
using Guestwire.Cli.Output;
using Guestwire.Cli.Programs;
using Guestwire.Cli.Targets;
using Guestwire.Client;
using Spectre.Console;

namespace Guestwire.Cli.Verbs;

/// <summary>Runs a program in guests.</summary>
internal sealed class ExecVerb : Verb
{
    /// <summary>What agents take.</summary>
    private const int MaxSeconds = int.MaxValue / 1000;

    private readonly Argument<string[]> _words = GuestOptions.Guests();
    private readonly GuestOptions _options = new("--answer-timeout");
    private readonly Option<string?> _user = new("--user", "-u") { Description = "the account that it runs as, a name or a number", HelpName = "USER" };
    private readonly Option<string?> _folder = new("--cwd", "-w") { Description = "the folder that it starts in, an absolute path", HelpName = "FOLDER" };
    private readonly Option<string[]> _variables = new("--env", "-e") { Description = "a variable to add to its environment; may be repeated", HelpName = "NAME=VALUE" };
    private readonly Option<double?> _limit = new("--timeout") { Description = "seconds that it may run, rounded up; then SIGTERM, five seconds later SIGKILL", HelpName = "SECONDS" };
    private readonly Option<bool> _detach = new("--detach", "-d") { Description = "print its process number and leave it to itself" };
    private readonly Option<bool> _input = new("--interactive", "-i") { Description = "give it standard input also from a terminal, or with --detach" };
    private readonly Option<bool> _noInput = new("--no-stdin", "-n") { Description = "do not read standard input" };
    private readonly Option<bool> _group = new("--group") { Description = "of several guests, write each one's output in one piece when it has ended" };
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "say when the agent cannot stream" };

    /// <inheritdoc/>
    internal override string Name => "exec";

    /// <inheritdoc/>
    internal override string Summary => "Run a program in a guest: input and output as they come, its exit code passed on";

    /// <inheritdoc/>
    internal override IReadOnlyList<(string CommandLine, string Effect)> Examples =>
    [
        ("guestwire exec web1 -- uname -a", "prints the kernel of web1"),
        ("guestwire exec web1 --user www-data --cwd /srv -- sh -c 'ls | wc -l'", "runs a shell's line as another user"),
        ("tar c . | guestwire exec web1 -- tar x -C /srv", "copies a folder into web1"),
        ("guestwire exec 'web*' -- systemctl is-active nginx", "asks several guests at once; each line begins with a guest's name"),
    ];

    /// <inheritdoc/>
    internal override string ExitCodes =>
        "that of the program; 128+N when signal N killed it; 124 it was ended by --timeout; 125 guestwire itself failed: the guest "
        + "cannot be reached, was lost, or refused; 126 the program cannot be run; 127 there is no such program; of several guests 5 when they differ";

    /// <inheritdoc/>
    internal override string Remarks =>
        """
        The program and its arguments stand behind two dashes and are taken as they are: no shell looks at them, unless the program is one.

        Standard input goes to the program unless it is a terminal; in a shell's loop that reads a file, say --no-stdin. Standard output and
        standard error come apart from each other, byte by byte. Several guests get the same input.

        Ctrl-C goes to the program's process group as SIGINT, the second one kills it, the third one leaves it. SIGTERM, SIGHUP and SIGQUIT
        go to it as they are. When nobody reads the output any more, the program gets SIGPIPE.

        QEMU's own agent cannot stream: there the program starts when all of its input is read (48 MB at most, 130 KB through libvirt), its output comes when it has ended
        (16 MiB at most, with a warning when there was more), and --user, --cwd, --env
        and --timeout use runuser, sh, env and timeout of the guest.
        """;

    /// <inheritdoc/>
    internal override bool HandlesSignals => true;

    /// <inheritdoc/>
    private protected override void Declare(Command command)
    {
        _words.HelpName = "GUEST... -- PROGRAM";
        command.Arguments.Add(_words);
        _limit.Accept(seconds => seconds is > 0 and <= MaxSeconds, $"seconds, more than 0 and at most {MaxSeconds}");
        _variables.Validators.Add(Assignments);
        _options.AddTo(command);
        foreach (Option option in (Option[])[_user, _folder, _variables, _limit, _detach, _input, _noInput, _group, _verbose])
        {
            command.Options.Add(option);
        }
    }

    /// <inheritdoc/>
    private protected override async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        (string[] names, string[] words) = CommandWords.Split(parsed, parsed.GetValue(_words) ?? []);
        using SignalForwarding signals = new();
        using CancellationTokenSource leaving = CancellationTokenSource.CreateLinkedTokenSource(signals.Leaving, cancellation);
        try
        {
            GuestProgram program = ProgramOf(parsed, words);
            GuestRun run = await GuestRun.PrepareAsync(_options, parsed, names, leaving.Token).ConfigureAwait(false);
            Work work = new(this, parsed, program, run, signals);
            return parsed.GetValue(_detach) || parsed.GetValue(_options.Json) ? await work.ForResultsAsync(leaving.Token).ConfigureAwait(false)
                : run.IsSeveral ? await work.OnSeveralAsync(leaving.Token).ConfigureAwait(false)
                : await work.OnOneAsync(leaving.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (leaving.IsCancellationRequested)
        {
            return signals.LeaveCode;
        }
        catch (Exception exception) when (exception is not FailureException && Failures.CodeOf(exception, leaving.Token) is not null)
        {
            throw new FailureException(ProgramExitCode.Ours, exception.Message, exception);
        }
    }

    private GuestProgram ProgramOf(ParseResult parsed, string[] words)
    {
        if (words is not [{ Length: > 0 } path, .. string[] arguments])
        {
            throw new UsageException("write the program behind two dashes: guestwire exec GUEST -- PROGRAM ARGUMENT...");
        }

        bool isDetached = parsed.GetValue(_detach);
        if (isDetached && parsed.GetValue(_group))
        {
            throw new UsageException("--detach and --group exclude each other: a program that is left to itself has no output here");
        }

        return parsed.GetValue(_input) && parsed.GetValue(_noInput)
            ? throw new UsageException("--interactive and --no-stdin exclude each other")
            : new GuestProgram(path)
            {
                Arguments = arguments,
                Variables = parsed.GetValue(_variables) ?? [],
                User = parsed.GetValue(_user),
                WorkingDirectory = parsed.GetValue(_folder),
                Timeout = parsed.GetValue(_limit) is { } seconds ? TimeSpan.FromSeconds(Math.Ceiling(seconds)) : null,
                CapturesOutput = !isDetached,
            };
    }

    /// <summary>What it reads, when it reads anything.</summary>
    private Stream? InputOf(ParseResult parsed)
    {
        Surroundings surroundings = Surroundings.Of(parsed);
        return parsed.GetValue(_input) || (!parsed.GetValue(_noInput) && !parsed.GetValue(_detach) && !surroundings.IsInputTerminal)
            ? surroundings.InputBytes
            : null;
    }

    private static void Assignments(OptionResult result)
    {
        if (result.Tokens.FirstOrDefault(token => token.Value.IndexOf('=', StringComparison.Ordinal) <= 0) is { } token)
        {
            result.AddError($"--env wants NAME=VALUE, not '{token.Value}'");
        }
    }

    /// <summary>The program at work, in the guests of one command line.</summary>
    private sealed class Work(ExecVerb verb, ParseResult parsed, GuestProgram program, GuestRun run, SignalForwarding signals)
    {
        private readonly Surroundings _surroundings = Surroundings.Of(parsed);
        private readonly Lock _turn = new();
        private byte[]? _shared;

        /// <summary>Its output goes where ours goes.</summary>
        internal async Task<int> OnOneAsync(CancellationToken cancellation)
        {
            Target target = run.Targets[0];
            GuestClient guest = run.Connect(target);
            await using (guest.ConfigureAwait(false))
            {
                ProgramRun running = NewRun(guest);
                int code = await running.RunAsync(
                    verb.InputOf(parsed),
                    piece => (piece.IsError ? _surroundings.ErrorBytes : _surroundings.OutputBytes).Write(piece.Bytes.Span),
                    cancellation).ConfigureAwait(false);
                Remark(target, running);
                return code;
            }
        }

        /// <summary>Its output comes with the guests' names.</summary>
        internal async Task<int> OnSeveralAsync(CancellationToken cancellation)
        {
            await ReadSharedInputAsync(cancellation).ConfigureAwait(false);
            int[] codes = new int[run.Targets.Count];
            ParallelOptions limits = new() { MaxDegreeOfParallelism = run.Parallel, CancellationToken = cancellation };
            await Parallel.ForEachAsync(Enumerable.Range(0, codes.Length), limits, async (index, stop) =>
                codes[index] = await OneOfSeveralAsync(run.Targets[index], stop).ConfigureAwait(false)).ConfigureAwait(false);
            int failed = codes.Count(code => code != ExitCode.Done);
            await _surroundings.Error.WriteLineAsync(
                failed == 0 ? $"{codes.Length} guests, exit code 0 everywhere" : $"{codes.Length} guests, exit code 0 in {codes.Length - failed}").ConfigureAwait(false);
            return GuestRun.CodeOf(codes);
        }

        /// <summary>What comes of it is told when it is over.</summary>
        internal async Task<int> ForResultsAsync(CancellationToken cancellation)
        {
            if (run.IsSeveral)
            {
                await ReadSharedInputAsync(cancellation).ConfigureAwait(false);
            }

            return await run.ForEachAsync(
                async (guest, stop) => parsed.GetValue(verb._detach)
                    ? new Detached(await NewRun(guest).DetachAsync(Input(), stop).ConfigureAwait(false))
                    : await CollectAsync(guest, stop).ConfigureAwait(false),
                cancellation).ConfigureAwait(false);
        }

        private ProgramRun NewRun(GuestClient guest) => new(guest, program, signals, _surroundings.Time);

        private Stream? Input() => _shared is null ? verb.InputOf(parsed) : new MemoryStream(_shared, writable: false);

        private async Task ReadSharedInputAsync(CancellationToken cancellation)
        {
            if (verb.InputOf(parsed) is { } input)
            {
                MemoryStream all = new();
                await input.CopyToAsync(all, cancellation).ConfigureAwait(false);
                _shared = all.ToArray();
            }
        }

        private async Task<Collected> CollectAsync(GuestClient guest, CancellationToken cancellation)
        {
            ProgramRun collecting = NewRun(guest);
            MemoryStream output = new();
            MemoryStream error = new();
            int code = await collecting.RunAsync(Input(), piece => (piece.IsError ? error : output).Write(piece.Bytes.Span), cancellation).ConfigureAwait(false);
            return new Collected(code, collecting, output.ToArray(), error.ToArray());
        }

        private async Task<int> OneOfSeveralAsync(Target target, CancellationToken cancellation)
        {
            GuestClient guest = run.Connect(target);
            await using (guest.ConfigureAwait(false))
            {
                try
                {
                    ProgramRun running = NewRun(guest);
                    int code = parsed.GetValue(verb._group)
                        ? await InOnePieceAsync(target, running, cancellation).ConfigureAwait(false)
                        : await ByLinesAsync(target, running, cancellation).ConfigureAwait(false);
                    Remark(target, running);
                    if (code != ExitCode.Done)
                    {
                        Say(target, running.Exit?.Signal is { } signal ? $"killed by signal {signal}" : $"exit code {code}");
                    }

                    return code;
                }
                catch (FailureException failure)
                {
                    Say(target, failure.Message);
                    return failure.Code;
                }
            }
        }

        private async Task<int> ByLinesAsync(Target target, ProgramRun running, CancellationToken cancellation)
        {
            byte[] prefix = Encoding.UTF8.GetBytes($"{target.Name}: ");
            PrefixedLines output = new(prefix, _surroundings.OutputBytes, _turn);
            PrefixedLines error = new(prefix, _surroundings.ErrorBytes, _turn);
            try
            {
                return await running.RunAsync(Input(), piece => (piece.IsError ? error : output).Write(piece.Bytes.Span), cancellation).ConfigureAwait(false);
            }
            finally
            {
                output.Complete();
                error.Complete();
            }
        }

        private async Task<int> InOnePieceAsync(Target target, ProgramRun running, CancellationToken cancellation)
        {
            MemoryStream output = new();
            MemoryStream error = new();
            int code = await running.RunAsync(Input(), piece => (piece.IsError ? error : output).Write(piece.Bytes.Span), cancellation).ConfigureAwait(false);
            byte[] name = Encoding.UTF8.GetBytes($"{target.Name}:\n");
            lock (_turn)
            {
                foreach ((MemoryStream piece, Stream stream) in ((MemoryStream, Stream)[])[(output, _surroundings.OutputBytes), (error, _surroundings.ErrorBytes)])
                {
                    if (piece.Length > 0)
                    {
                        stream.Write(name);
                        piece.WriteTo(stream);
                    }
                }
            }

            return code;
        }

        private void Remark(Target target, ProgramRun ended)
        {
            if (ended.IsTruncated)
            {
                Say(target, "output is missing: this agent keeps 16 MiB of each stream and no more");
            }

            if (!ended.IsStreaming && parsed.GetValue(verb._verbose))
            {
                Say(target, "this agent cannot stream, so the output came when the program had ended");
            }
        }

        private void Say(Target target, string what)
        {
            lock (_turn)
            {
                _surroundings.Error.WriteLine(HumanText.Complaint($"{target.Name}: {what}"));
            }
        }
    }

    private sealed class Detached(long id) : VerbResult
    {
        /// <inheritdoc/>
        internal override void WriteText(IAnsiConsole console) => console.WriteLine($"{id}");

        /// <inheritdoc/>
        internal override void WriteJson(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            writer.WriteNumber("pid", id);
            writer.WriteEndObject();
        }
    }

    private sealed class Collected(int code, ProgramRun ended, byte[] output, byte[] error) : VerbResult
    {
        private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

        /// <inheritdoc/>
        internal override int Code => code;

        /// <inheritdoc/>
        internal override void WriteText(IAnsiConsole console) => throw new NotSupportedException();

        /// <inheritdoc/>
        internal override void WriteJson(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            if (ended.Exit?.Code is { } exitCode)
            {
                writer.WriteNumber("exit-code", exitCode);
            }

            if (ended.Exit?.Signal is { } signal)
            {
                writer.WriteNumber("signal", signal);
            }

            Write(writer, "stdout", output);
            Write(writer, "stderr", error);
            if (ended.IsTruncated)
            {
                writer.WriteBoolean("truncated", true);
            }

            writer.WriteEndObject();
        }

        /// <summary>As text where it is text, else in base64.</summary>
        private static void Write(Utf8JsonWriter writer, string name, byte[] bytes)
        {
            try
            {
                writer.WriteString(name, s_strict.GetString(bytes));
            }
            catch (DecoderFallbackException)
            {
                writer.WriteBase64String($"{name}-base64", bytes);
            }
        }
    }
}
