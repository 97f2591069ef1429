using Guestwire.Client.Files;
using Guestwire.Client.Links;
using Guestwire.Client.Programs;
using Guestwire.Protocol;
using Guestwire.Protocol.Json;

namespace Guestwire.Client;

/// <summary>
/// One guest, seen from the host: a method for each command of its agent. Any number of calls may be made at once; they are answered in their order.
/// </summary>
/// <remarks>
/// <para>Works with Guestwire's agent and with QEMU's <c>qemu-ga</c>, of any version; <see cref="GetFeaturesAsync"/> says what this one has.</para>
/// <para>The connection is opened with the first call, and again when it broke. After a call that took too long, the next one first finds its
/// place in the stream again.</para>
/// </remarks>
public sealed partial class GuestClient : IAsyncDisposable
{
    /// <summary>A command that succeeds in silence has done so when the guest said nothing for so long.</summary>
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(5);

    /// <summary>What of a request is not the bytes that it carries: names, numbers, paths.</summary>
    private const int EnvelopeBytes = 16 * 1024;

    private readonly GuestConnection _connection;
    private readonly TimeSpan _timeout;
    private readonly bool _ownsConnection;

    /// <summary>A client that has not connected yet.</summary>
    /// <param name="transport">How the agent is reached.</param>
    /// <param name="options">How patient it is.</param>
    public GuestClient(GuestTransport transport, GuestClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(transport);
        options ??= new GuestClientOptions();
        _connection = new GuestConnection(transport, options);
        _timeout = options.Timeout;
        _ownsConnection = true;
    }

    private GuestClient(GuestClient client, TimeSpan timeout)
    {
        _connection = client._connection;
        _timeout = timeout;
    }

    /// <summary>How the agent is reached.</summary>
    public GuestTransport Transport => _connection.Transport;

    /// <summary>Connects to an agent, and returns when it has answered.</summary>
    /// <exception cref="IOException">It cannot be reached.</exception>
    /// <exception cref="TimeoutException">It does not answer.</exception>
    public static async Task<GuestClient> ConnectAsync(
        GuestTransport transport, GuestClientOptions? options = null, CancellationToken cancellation = default)
    {
        GuestClient client = new(transport, options);
        try
        {
            await client.GuestPingAsync(cancellation).ConfigureAwait(false);
            return client;
        }
        catch
        {
            await client.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The same client, more or less patient. Both use the same connection, which ends with the first one.</summary>
    /// <param name="timeout">How long one command may take; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it wants.</param>
    public GuestClient WithTimeout(TimeSpan timeout) => new(this, timeout);

    /// <summary>What the agent can do. Asked once for each connection.</summary>
    public async ValueTask<GuestFeatures> GetFeaturesAsync(CancellationToken cancellation = default) =>
        _connection.Features ??= new GuestFeatures(await GuestInfoAsync(cancellation).ConfigureAwait(false));

    /// <summary>Opens a file in the guest.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">As for fopen(3): "r" reads, "w" makes the file anew, "a" appends, "+" allows the other too.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="QapiException">The guest cannot open it.</exception>
    public async Task<GuestFileStream> OpenFileAsync(string path, string mode = "r", CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentException.ThrowIfNullOrEmpty(mode);
        long handle = await GuestFileOpenAsync(path, mode, cancellation: cancellation).ConfigureAwait(false);
        bool isBoth = mode.Contains('+', StringComparison.Ordinal);
        return new GuestFileStream(this, path, handle, canRead: isBoth || mode[0] == 'r', canWrite: isBoth || mode[0] != 'r');
    }

    /// <summary>The files of the guest, by their names.</summary>
    public async ValueTask<GuestFiles> GetFilesAsync(CancellationToken cancellation = default) =>
        (await GetFeaturesAsync(cancellation).ConfigureAwait(false)).HasFiles ? new AgentFiles(this) : new ShellFiles(this);

    /// <summary>Starts a program in the guest.</summary>
    /// <exception cref="QapiException">It cannot be started.</exception>
    public async Task<GuestProcess> StartProgramAsync(GuestProgram program, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        if (!(await GetFeaturesAsync(cancellation).ConfigureAwait(false)).HasStreams)
        {
            PlainProcess process = new(this, program);
            await process.StartAsync(cancellation).ConfigureAwait(false);
            return process;
        }

        (string path, IReadOnlyList<string> arguments) = ProgramWrapping.WithVariables(program);
        GuestExec started = await GuestExecAsync(
            path,
            arguments,
            captureOutput: ProgramWrapping.CaptureOf(program),
            cwd: program.WorkingDirectory,
            user: program.User,
            timeout: program.Timeout is { } timeout ? ProgramWrapping.SecondsOf(timeout) : null,
            streamOutput: true,
            streamInput: program.HasInput,
            cancellation: cancellation).ConfigureAwait(false);
        return new StreamingProcess(this, started.Pid, program.HasInput);
    }

    /// <summary>Runs a program in the guest to its end.</summary>
    /// <param name="program">The program.</param>
    /// <param name="input">What it reads; nothing unless given.</param>
    /// <param name="cancellation">Ends the wait; the program goes on.</param>
    /// <exception cref="QapiException">It cannot be started.</exception>
    public async Task<GuestProgramResult> RunProgramAsync(
        GuestProgram program, ReadOnlyMemory<byte>? input = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(program);
        GuestProcess process = await StartProgramAsync(program with { HasInput = input is not null }, cancellation).ConfigureAwait(false);
        await using (process.ConfigureAwait(false))
        {
            Task writing = input is { } bytes ? WriteAsync(bytes) : Task.CompletedTask;
            MemoryStream output = new();
            MemoryStream error = new();
            await foreach (GuestOutput piece in process.ReadOutputAsync(cancellation).ConfigureAwait(false))
            {
                (piece.IsError ? error : output).Write(piece.Bytes.Span);
            }

            await writing.ConfigureAwait(false);
            return new GuestProgramResult(await process.WaitAsync(cancellation).ConfigureAwait(false), output.ToArray(), error.ToArray());
        }

        async Task WriteAsync(ReadOnlyMemory<byte> bytes)
        {
            await process.WriteInputAsync(bytes, cancellation).ConfigureAwait(false);
            await process.CompleteInputAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a request as it stands and returns the reply as it stands, without the line's end.</summary>
    /// <param name="request">One JSON object.</param>
    /// <param name="cancellation">Ends the wait for the reply.</param>
    /// <exception cref="FormatException">The request is not one JSON object.</exception>
    public async Task<string> SendRawAsync(string request, CancellationToken cancellation = default)
    {
        RequestText.Check(request);
        RawCall call = new(request);
        await _connection.CallAsync(call, call.Reply, _timeout, cancellation).ConfigureAwait(false);
        return await call.Reply.ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _ownsConnection ? _connection.DisposeAsync() : ValueTask.CompletedTask;

    /// <summary>How many calls may usefully be on their way at once.</summary>
    internal int MaxPipelined => _connection.MaxPipelined;

    /// <summary>Bytes that fit into one request, in base64. Known when the connection is open.</summary>
    internal int MaxSentBytes => (_connection.MaxRequestBytes - EnvelopeBytes) / 4 * 3;

    /// <summary>Sends a command. It is on its way, in its order, when this returns.</summary>
    /// <returns>Its result, to be waited for.</returns>
    internal async ValueTask<Task<T>> StartAsync<T>(
        string command, Action<JsonWriter>? arguments, Func<ReplyReader, JsonValue, T> read, CancellationToken cancellation)
    {
        TypedCall<T> call = new(command, arguments, read);
        GuestLink link = await _connection.SendAsync(call, _timeout, cancellation).ConfigureAwait(false);
        return WaitAsync();

        async Task<T> WaitAsync()
        {
            await GuestConnection.WaitAsync(link, call, call.Result, _timeout, cancellation).ConfigureAwait(false);
            return await call.Result.ConfigureAwait(false);
        }
    }

    private async Task<T> CallAsync<T>(
        string command, Action<JsonWriter>? arguments, Func<ReplyReader, JsonValue, T> read, CancellationToken cancellation)
    {
        Task<T> result = await StartAsync(command, arguments, read, cancellation).ConfigureAwait(false);
        return await result.ConfigureAwait(false);
    }

    private Task CallAsync(string command, Action<JsonWriter>? arguments, CancellationToken cancellation) =>
        CallAsync(command, arguments, static (reader, value) => true, cancellation);

    private async Task CallSilentAsync(string command, Action<JsonWriter>? arguments, CancellationToken cancellation)
    {
        SilentCall call = new(command, arguments);
        GuestLink link = await _connection.SendAsync(call, s_silence, cancellation).ConfigureAwait(false);
        try
        {
            await GuestConnection.WaitAsync(link, call, call.Done, s_silence, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // As it should be: nobody is there any more to say something.
        }
    }
}
