/*
 * Messages through a pair of Unix-domain sockets between two processes, as C has it: what a pipe costs at the least.
 *
 *   packets pingpong KIND SIZE COUNT wait|spin     there and back
 *   packets oneway KIND SIZE COUNT wait|spin       until the last one has arrived
 *
 * KIND is packet (SOCK_SEQPACKET, one message each) or stream. Who spins asks again and again instead of waiting in the
 * kernel. Prints nanoseconds for each message.
 */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int type;
static int flags;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void fail(const char *what) {
    fprintf(stderr, "packets: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void send_message(int socket, const char *message, size_t size) {
    for (size_t done = 0; done < size;) {
        ssize_t count = send(socket, message + done, size - done, flags | MSG_NOSIGNAL);
        if (count < 0 && errno != EAGAIN) {
            fail("send");
        }
        done += count < 0 ? 0 : (size_t)count;
    }
}

/* Returns 0 at the end. */
static int receive_message(int socket, char *message, size_t size) {
    for (size_t done = 0; done < size;) {
        ssize_t count = recv(socket, message + done, size - done, flags);
        if (count == 0) {
            return 0;
        }
        if (count < 0 && errno != EAGAIN) {
            fail("recv");
        }
        done += count < 0 ? 0 : (size_t)count;
    }
    return 1;
}

int main(int count, char **arguments) {
    if (count != 6) {
        fprintf(stderr, "usage: packets pingpong|oneway packet|stream SIZE COUNT wait|spin\n");
        return 2;
    }
    int there_and_back = strcmp(arguments[1], "pingpong") == 0;
    type = strcmp(arguments[2], "stream") == 0 ? SOCK_STREAM : SOCK_SEQPACKET;
    size_t size = (size_t)atoll(arguments[3]);
    int64_t messages = atoll(arguments[4]);
    flags = strcmp(arguments[5], "spin") == 0 ? MSG_DONTWAIT : 0;
    char *message = calloc(size, 1);
    int ends[2];
    if (message == NULL || socketpair(AF_UNIX, type, 0, ends) < 0) {
        fail("socketpair");
    }
    pid_t child = fork();
    if (child < 0) {
        fail("fork");
    }
    if (child == 0) {
        close(ends[0]);
        while (receive_message(ends[1], message, size)) {
            if (there_and_back) {
                send_message(ends[1], message, size);
            }
        }
        _exit(0);
    }
    close(ends[1]);
    int64_t begin = now();
    for (int64_t i = 0; i < messages; i++) {
        send_message(ends[0], message, size);
        if (there_and_back) {
            receive_message(ends[0], message, size);
        }
    }
    close(ends[0]);
    waitpid(child, NULL, 0);
    printf("%.1f\n", (double)(now() - begin) / (double)messages);
    return 0;
}
