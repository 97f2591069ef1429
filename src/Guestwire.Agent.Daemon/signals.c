// Blocks the signals that end the agent before the runtime starts its first thread, so that every thread there will ever be has them blocked:
// Signals.cs waits for them with a signalfd. In managed code that would be too late: the only way to the runtime's finalizer thread is a
// garbage collection, which costs every start half a millisecond and every idle agent a hundred kilobytes.
#include <signal.h>
#include <stddef.h>

__attribute__((constructor)) static void block_stop_signals(void)
{
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    sigprocmask(SIG_BLOCK, &stop, NULL);
}
