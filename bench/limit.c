/* What the machine itself allows: the least work that could answer what bench/run asks.
 *
 *   limit SOCKET      listens there and answers one host at a time: a ping or anything unknown with nothing, a sync with its
 *                     id, guest-file-read with as much constant base64 as was asked for, guest-file-write by swallowing it.
 *                     No JSON is read, no file is touched: what is left is the socket.
 *   limit --spawn N   starts /bin/true N times, one after the other, and prints how many a second it came to.
 *
 * No program that does real work can be faster, so the distance to these numbers is what can still be gained. */
#define _GNU_SOURCE
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void fail(const char *what)
{
    perror(what);
    exit(1);
}

/* Replies that wait until all requests of one read have been looked at. */
static char waiting[256 * 1024];
static size_t waiting_bytes;

/* The reply to the last guest-file-read, kept because the next one asks for the same. */
static char *file_reply;
static size_t file_reply_bytes;
static long file_reply_count = -1;

static bool write_all(int host, const char *bytes, size_t count)
{
    while (count > 0) {
        ssize_t written = write(host, bytes, count);
        if (written <= 0) {
            return false;
        }
        bytes += written;
        count -= (size_t)written;
    }
    return true;
}

static bool flush(int host)
{
    size_t count = waiting_bytes;
    waiting_bytes = 0;
    return write_all(host, waiting, count);
}

static bool reply(int host, const char *text, size_t count)
{
    if (waiting_bytes + count > sizeof waiting && !flush(host)) {
        return false;
    }
    memcpy(waiting + waiting_bytes, text, count);
    waiting_bytes += count;
    return true;
}

/* The number behind a member's name, 0 without one. */
static long number(const char *request, const char *name)
{
    const char *at = strstr(request, name);
    return at == NULL ? 0 : strtol(at + strlen(name), NULL, 10);
}

static void make_file_reply(long count)
{
    size_t base64 = ((size_t)count + 2) / 3 * 4;
    free(file_reply);
    file_reply = malloc(base64 + 100);
    if (file_reply == NULL) {
        fail("malloc");
    }
    size_t bytes = (size_t)sprintf(file_reply, "{\"return\": {\"count\": %ld, \"buf-b64\": \"", count);
    memset(file_reply + bytes, 'A', base64);
    bytes += base64;
    bytes += (size_t)sprintf(file_reply + bytes, "\", \"eof\": false}}\n");
    file_reply_bytes = bytes;
    file_reply_count = count;
}

static bool answer(int host, const char *request)
{
    char text[64];
    if (strstr(request, "guest-ping") != NULL) {
        return reply(host, "{\"return\": {}}\n", 15);
    }
    if (strstr(request, "guest-file-read") != NULL) {
        long count = number(request, "\"count\":");
        if (count != file_reply_count) {
            make_file_reply(count);
        }
        return flush(host) && write_all(host, file_reply, file_reply_bytes);
    }
    if (strstr(request, "guest-sync") != NULL) {
        const char *sentinel = strstr(request, "delimited") != NULL ? "\xff" : "";
        return reply(host, text, (size_t)sprintf(text, "%s{\"return\": %ld}\n", sentinel, number(request, "\"id\":")));
    }
    if (strstr(request, "guest-file-open") != NULL) {
        return reply(host, "{\"return\": 1000}\n", 17);
    }
    return reply(host, "{\"return\": {}}\n", 15);
}

/* Answers a host until it leaves. A request ends with a newline; what names and limits it stands at its beginning. */
static void serve(int host)
{
    static char bytes[256 * 1024];
    char head[256];
    size_t head_bytes = 0;
    ssize_t count;
    while ((count = read(host, bytes, sizeof bytes)) > 0) {
        for (char *at = bytes, *end = bytes + count; at < end;) {
            char *newline = memchr(at, '\n', (size_t)(end - at));
            size_t part = (size_t)((newline != NULL ? newline : end) - at);
            size_t kept = part < sizeof head - 1 - head_bytes ? part : sizeof head - 1 - head_bytes;
            memcpy(head + head_bytes, at, kept);
            head_bytes += kept;
            at += part;
            if (newline != NULL) {
                at++;
                head[head_bytes] = 0;
                head_bytes = 0;
                if (!answer(host, head)) {
                    return;
                }
            }
        }
        if (!flush(host)) {
            return;
        }
    }
}

static void listen_on(const char *path)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    strncpy(address.sun_path, path, sizeof address.sun_path - 1);
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 16) < 0) {
        fail(path);
    }
    for (;;) {
        int host = accept(listener, NULL, NULL);
        if (host < 0) {
            fail("accept");
        }
        waiting_bytes = 0;
        serve(host);
        close(host);
    }
}

static void spawn(int times)
{
    char *words[] = { "/bin/true", NULL };
    struct timespec began, ended;
    clock_gettime(CLOCK_MONOTONIC, &began);
    for (int i = 0; i < times; i++) {
        pid_t child;
        int status;
        if (posix_spawn(&child, words[0], NULL, NULL, words, environ) != 0 || waitpid(child, &status, 0) != child) {
            fail(words[0]);
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &ended);
    printf("%.3f\n", times / ((double)(ended.tv_sec - began.tv_sec) + (double)(ended.tv_nsec - began.tv_nsec) / 1e9));
}

int main(int count, char **words)
{
    if (count == 3 && strcmp(words[1], "--spawn") == 0 && atoi(words[2]) > 0) {
        spawn(atoi(words[2]));
        return 0;
    }
    if (count != 2 || words[1][0] == '-') {
        fprintf(stderr, "usage: limit SOCKET | limit --spawn N\n");
        return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    listen_on(words[1]);
}
