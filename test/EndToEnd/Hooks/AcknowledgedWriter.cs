using System.Diagnostics;
using System.Globalization;
using EndToEnd.ProcessSuite;
using SystemProcess = System.Diagnostics.Process;

namespace EndToEnd.Hooks;

/// <summary>A client that writes the numbers from 1 up into a database, each when the one before it was acknowledged.</summary>
internal sealed class AcknowledgedWriter : IDisposable
{
    private readonly TextWriter _statements;
    private readonly TextReader _answers;
    private readonly IDisposable _connection;
    private readonly Task _work;
    private volatile int _acknowledged;
    private volatile bool _isEnding;

    /// <param name="statements">Where statements go, one a line.</param>
    /// <param name="answers">Where a line for each comes from; the number stands in it.</param>
    /// <param name="connection">Ends both.</param>
    /// <param name="statement">The statement that writes a number.</param>
    internal AcknowledgedWriter(TextWriter statements, TextReader answers, IDisposable connection, Func<int, string> statement)
    {
        _statements = statements;
        _answers = answers;
        _connection = connection;
        _work = Task.Factory.StartNew(() => Write(statement), TaskCreationOptions.LongRunning);
    }

    /// <summary>The last number that the server has acknowledged.</summary>
    internal int Acknowledged => _acknowledged;

    /// <summary>One whose statements a program reads on its standard input.</summary>
    internal static AcknowledgedWriter OfProgram(ProcessStartInfo start, Func<int, string> statement)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        SystemProcess client = SystemProcess.Start(start)!;
        client.StandardInput.AutoFlush = true;
        return new AcknowledgedWriter(client.StandardInput, client.StandardOutput, client, statement);
    }

    /// <summary>Waits for more acknowledged numbers than there are.</summary>
    internal void WaitForMore(int count = 20)
    {
        int wanted = _acknowledged + count;
        RunningAgent.WaitUntil(() => _acknowledged >= wanted || _work.IsCompleted, "numbers to be acknowledged");
        Assert.False(_work.IsCompleted, _work.Exception?.ToString());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isEnding = true;
        bool hasEnded = Task.WaitAny([_work], RunningAgent.Patience) == 0;
        if (_connection is SystemProcess { HasExited: false } client)
        {
            client.Kill();
            client.WaitForExit();
        }

        _connection.Dispose();
        Assert.True(hasEnded, "the last number is never acknowledged");
    }

    private void Write(Func<int, string> statement)
    {
        while (!_isEnding)
        {
            int next = _acknowledged + 1;
            _statements.WriteLine(statement(next));
            _statements.Flush();
            string? answer = _answers.ReadLine();
            Assert.Equal(next.ToString(CultureInfo.InvariantCulture), answer?.TrimStart(':'));
            _acknowledged = next;
        }
    }
}
