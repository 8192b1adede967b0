/*
 * A robust mutex shared between processes, as C has it: what a lock costs at the least that survives its holder.
 *
 *   robust_mutex alone OPERATIONS     one process
 *   robust_mutex two MILLISECONDS     two processes at once, for so long
 *
 * Prints nanoseconds for each lock and unlock.
 */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct shared {
    pthread_mutex_t mutex;
    char apart[128];
    int64_t counts[2];
};

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static void check(int error, const char *what) {
    if (error != 0) {
        fprintf(stderr, "robust_mutex: %s: %s\n", what, strerror(error));
        exit(1);
    }
}

static struct shared *create(void) {
    struct shared *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        perror("robust_mutex: mmap");
        exit(1);
    }
    pthread_mutexattr_t attributes;
    check(pthread_mutexattr_init(&attributes), "attributes");
    check(pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED), "shared");
    check(pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST), "robust");
    check(pthread_mutex_init(&shared->mutex, &attributes), "mutex");
    return shared;
}

static void cycles(pthread_mutex_t *mutex, int64_t count) {
    for (int64_t i = 0; i < count; i++) {
        check(pthread_mutex_lock(mutex), "lock");
        check(pthread_mutex_unlock(mutex), "unlock");
    }
}

static int64_t cycles_until(pthread_mutex_t *mutex, int64_t begin, int64_t end) {
    const int batch = 64; /* between two looks at the clock */
    int64_t count = 0;
    while (now() < begin) {
    }
    for (; now() < end; count += batch) {
        cycles(mutex, batch);
    }
    return count;
}

static double alone(int64_t operations) {
    struct shared *shared = create();
    cycles(&shared->mutex, operations / 10);
    int64_t begin = now();
    cycles(&shared->mutex, operations);
    return (double)(now() - begin) / (double)operations;
}

static double two(int64_t milliseconds) {
    struct shared *shared = create();
    int64_t begin = now() + 10 * 1000000; /* both are there by then */
    int64_t end = begin + milliseconds * 1000000;
    pid_t child = fork();
    if (child < 0) {
        perror("robust_mutex: fork");
        exit(1);
    }
    shared->counts[child == 0] = cycles_until(&shared->mutex, begin, end);
    if (child == 0) {
        _exit(0);
    }
    waitpid(child, NULL, 0);
    return (double)(end - begin) / (double)(shared->counts[0] + shared->counts[1]);
}

int main(int count, char **arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: robust_mutex alone OPERATIONS | robust_mutex two MILLISECONDS\n");
        return 2;
    }
    int64_t size = atoll(arguments[2]);
    printf("%.3f\n", strcmp(arguments[1], "two") == 0 ? two(size) : alone(size));
    return 0;
}
