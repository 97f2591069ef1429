using Guestwire.Protocol;

namespace Guestwire.Agent.Platform;

/// <summary>Runs the programs that do a part of a command's work: hooks, chpasswd, shutdown. Blocks until they end or their limit is over: call it on a worker thread.</summary>
internal interface IHelperProgram
{
    /// <summary>Runs a program and waits for its end, however it ends; makes one when it is over its limit.</summary>
    /// <exception cref="QapiException">GenericError: the program could not be tried at all, for want of processes, memory or descriptors.</exception>
    HelperEnd TryRun(HelperStart start);

    /// <summary>Runs a program that must succeed.</summary>
    /// <exception cref="QapiException">GenericError: it could not be run, or it failed; what it wrote is in the text.</exception>
    void Run(HelperStart start)
    {
        if (TryRun(start).DescribeFailure(start.Action) is string failure)
        {
            throw new QapiException(failure);
        }
    }
}
