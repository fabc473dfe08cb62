/* Loaded before libc into every process of a chaos run. Two numbers in a shared file do what root alone could do:
 *
 *   shared[0]  seconds by which the wall clock is off: it is stepped while the processes run
 *   shared[1]  bytes of Redis' append-only file that fdatasync has forced to disk: what a power cut would leave
 *
 * The monotonic clock is left alone, as a real step leaves it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static long nowhere[2];
static volatile long *shared = nowhere;
static int (*real_clock_gettime)(clockid_t, struct timespec *);
static int (*real_gettimeofday)(struct timeval *, void *);
static int (*real_fdatasync)(int);

__attribute__((constructor)) static void attach(void) {
    real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
    real_gettimeofday = dlsym(RTLD_NEXT, "gettimeofday");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    const char *path = getenv("DATELINE_CHAOS_SHARED");
    int file = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    if (file < 0) return;
    void *mapped = mmap(NULL, sizeof nowhere, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (mapped != MAP_FAILED) shared = mapped;
}

int clock_gettime(clockid_t which, struct timespec *now) {
    if (!real_clock_gettime) attach();
    int failed = real_clock_gettime(which, now);
    if (!failed && (which == CLOCK_REALTIME || which == CLOCK_REALTIME_COARSE)) now->tv_sec += shared[0];
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    if (!real_gettimeofday) attach();
    int failed = real_gettimeofday(now, zone);
    if (!failed && now) now->tv_sec += shared[0];
    return failed;
}

time_t time(time_t *result) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (result) *result = now.tv_sec;
    return now.tv_sec;
}

int fdatasync(int file) {
    char link[64], path[PATH_MAX];
    struct stat before;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    int is_log = length > 4 && !strncmp(path + length - 4, ".aof", 4) && !fstat(file, &before);
    int failed = real_fdatasync(file);
    if (!failed && is_log) shared[1] = before.st_size; /* what was written when the call began is safe when it ends */
    return failed;
}
