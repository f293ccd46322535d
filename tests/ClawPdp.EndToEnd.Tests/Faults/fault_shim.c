/*
 * Stands between a process and the C library (LD_PRELOAD), and makes the disk and the clock behave as a shared page says.
 *
 * The page is the first 4,096 bytes of the file that FAULT_CONTROL names, little-endian:
 *
 *   0  int32  what a flush (fsync, fdatasync) does: 0 works, 1 fails with EIO, 2 works after `delay`, 3 waits until this changes,
 *             4 does nothing and says that it worked
 *   4  int32  delay in milliseconds
 *   8  int64  what is added to the wall clock, in nanoseconds
 *  16  int64  how many flushes were asked for, whatever came of them
 *  24  int32  how many flushes wait now
 *  28  int32  what a write (write, pwrite, ftruncate) to a regular file of the ledger does: 0 works, otherwise fails with this errno
 *
 * Only what concerns files named ledger.db, ledger.db-wal or ledger.db-shm is touched, so that the rest of the process lives.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

struct control {
    _Atomic int32_t flush_mode;
    _Atomic int32_t delay_ms;
    _Atomic int64_t clock_offset_ns;
    _Atomic int64_t flush_count;
    _Atomic int32_t flush_waiting;
    _Atomic int32_t write_errno;
};

enum { FLUSH_WORKS, FLUSH_FAILS, FLUSH_IS_SLOW, FLUSH_STALLS, FLUSH_LIES };

static struct control *control;
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_clock_gettime)(clockid_t, struct timespec *);

static void find_real(void)
{
    real_fsync = dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
    real_write = dlsym(RTLD_NEXT, "write");
    real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
    real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
    real_clock_gettime = dlsym(RTLD_NEXT, "clock_gettime");
}

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("FAULT_CONTROL");
    int file = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
    find_real();
    if (file < 0) {
        return;
    }

    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    control = page == MAP_FAILED ? NULL : page;
}

static int is_ledger(int file)
{
    char link[64];
    char path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) {
        return 0;
    }

    path[length] = '\0';
    return strstr(path, "/ledger.db") != NULL;
}

static int flush(int file, int (*real)(int))
{
    if (control == NULL || !is_ledger(file)) {
        return real(file);
    }

    const struct timespec tick = {.tv_nsec = 1000000};
    control->flush_count++;
    if (control->flush_mode == FLUSH_STALLS) {
        control->flush_waiting++;
        while (control->flush_mode == FLUSH_STALLS) {
            nanosleep(&tick, NULL);
        }

        control->flush_waiting--;
    }

    if (control->flush_mode == FLUSH_IS_SLOW) {
        const struct timespec delay = {.tv_sec = control->delay_ms / 1000, .tv_nsec = control->delay_ms % 1000 * 1000000L};
        nanosleep(&delay, NULL);
    }

    if (control->flush_mode == FLUSH_FAILS) {
        errno = EIO;
        return -1;
    }

    return control->flush_mode == FLUSH_LIES ? 0 : real(file);
}

int fsync(int file) { return flush(file, real_fsync); }

int fdatasync(int file) { return flush(file, real_fdatasync); }

static int write_fails(int file)
{
    if (control == NULL || control->write_errno == 0 || !is_ledger(file)) {
        return 0;
    }

    errno = control->write_errno;
    return 1;
}

ssize_t write(int file, const void *bytes, size_t count) { return write_fails(file) ? -1 : real_write(file, bytes, count); }

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) { return write_fails(file) ? -1 : real_pwrite(file, bytes, count, offset); }

ssize_t pwrite64(int file, const void *bytes, size_t count, off_t offset) { return write_fails(file) ? -1 : real_pwrite(file, bytes, count, offset); }

int ftruncate(int file, off_t length) { return write_fails(file) ? -1 : real_ftruncate(file, length); }

int ftruncate64(int file, off_t length) { return write_fails(file) ? -1 : real_ftruncate(file, length); }

int clock_gettime(clockid_t clock, struct timespec *time)
{
    if (real_clock_gettime == NULL) {
        find_real();
    }

    int outcome = real_clock_gettime(clock, time);
    if (outcome == 0 && control != NULL && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
        int64_t nanoseconds = (int64_t)time->tv_sec * 1000000000 + time->tv_nsec + control->clock_offset_ns;
        time->tv_sec = nanoseconds / 1000000000;
        time->tv_nsec = nanoseconds % 1000000000;
    }

    return outcome;
}
