/* A disk whose flushes fail now and then. What was written since the last good flush is lost then, though the page cache still has it, and
 * the next flush says that all is well: what ext4 and XFS do (lwn.net/Articles/752063). Loaded before the C library (LD_PRELOAD), it keeps
 * what such a disk would hold of the ledger's two files in a folder of its own, to be opened after a kill as after a loss of power.
 *
 * FORGETFUL_DISK   the folder
 * FORGETFUL_EVERY  of so many flushes some fail
 * FORGETFUL_BURST  how many of them, one after the other
 * FORGETFUL_DEATH  which flush fails and takes the process with it; 0 for none
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

struct change {
    struct change *next;
    off64_t offset;
    size_t size;
    int truncates;
    char data[];
};

struct file {
    const char *name;
    struct change *first;
    struct change **last;
};

static struct file files[] = {{"ledger.db", NULL, NULL}, {"ledger.db-wal", NULL, NULL}};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static unsigned long flushes;

static struct file *named(const char *path) {
    const char *name = strrchr(path, '/');
    for (size_t index = 0; name != NULL && index < sizeof files / sizeof files[0]; index++) {
        if (strcmp(name + 1, files[index].name) == 0) {
            return &files[index];
        }
    }
    return NULL;
}

static struct file *opened(int descriptor) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length <= 0) {
        return NULL;
    }
    path[length] = 0;
    return named(path);
}

static void disk_path(char *path, const struct file *file) { snprintf(path, PATH_MAX, "%s/%s", getenv("FORGETFUL_DISK"), file->name); }

static void forget(struct file *file) {
    while (file->first != NULL) {
        struct change *change = file->first;
        file->first = change->next;
        free(change);
    }
    file->last = NULL;
}

static void keep(struct file *file, const void *data, size_t size, off64_t offset, int truncates) {
    struct change *change = malloc(sizeof *change + size);
    change->next = NULL;
    change->offset = offset;
    change->size = size;
    change->truncates = truncates;
    if (size > 0) {
        memcpy(change->data, data, size);
    }
    *(file->last != NULL ? file->last : &file->first) = change;
    file->last = &change->next;
}

ssize_t pwrite64(int descriptor, const void *data, size_t size, off64_t offset) {
    static ssize_t (*next)(int, const void *, size_t, off64_t);
    if (next == NULL) {
        next = dlsym(RTLD_NEXT, "pwrite64");
    }
    struct file *file = opened(descriptor);
    pthread_mutex_lock(&lock);
    ssize_t written = next(descriptor, data, size, offset);
    if (file != NULL && written > 0) {
        keep(file, data, (size_t)written, offset, 0);
    }
    pthread_mutex_unlock(&lock);
    return written;
}

int ftruncate64(int descriptor, off64_t size) {
    static int (*next)(int, off64_t);
    if (next == NULL) {
        next = dlsym(RTLD_NEXT, "ftruncate64");
    }
    struct file *file = opened(descriptor);
    pthread_mutex_lock(&lock);
    int outcome = next(descriptor, size);
    if (file != NULL && outcome == 0) {
        keep(file, NULL, 0, size, 1);
    }
    pthread_mutex_unlock(&lock);
    return outcome;
}

int unlink(const char *path) {
    static int (*next)(const char *);
    if (next == NULL) {
        next = dlsym(RTLD_NEXT, "unlink");
    }
    struct file *file = named(path);
    int outcome = next(path);
    if (file != NULL && outcome == 0) {
        char on_disk[PATH_MAX];
        pthread_mutex_lock(&lock);
        forget(file);
        disk_path(on_disk, file);
        next(on_disk);
        pthread_mutex_unlock(&lock);
    }
    return outcome;
}

static void flush(struct file *file) {
    static ssize_t (*write_at)(int, const void *, size_t, off64_t);
    static int (*truncate_to)(int, off64_t);
    if (write_at == NULL) {
        write_at = dlsym(RTLD_NEXT, "pwrite64");
        truncate_to = dlsym(RTLD_NEXT, "ftruncate64");
    }
    char path[PATH_MAX];
    disk_path(path, file);
    int disk = open64(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (disk < 0) {
        abort();
    }
    for (struct change *change = file->first; change != NULL; change = change->next) {
        int failed = change->truncates ? truncate_to(disk, change->offset) != 0
                                       : write_at(disk, change->data, change->size, change->offset) != (ssize_t)change->size;
        if (failed) {
            abort();
        }
    }
    close(disk);
}

int fsync(int descriptor) {
    static int (*next)(int);
    if (next == NULL) {
        next = dlsym(RTLD_NEXT, "fsync");
    }
    struct file *file = opened(descriptor);
    if (file == NULL) {
        return next(descriptor);
    }
    pthread_mutex_lock(&lock);
    unsigned long every = strtoul(getenv("FORGETFUL_EVERY"), NULL, 10), burst = strtoul(getenv("FORGETFUL_BURST"), NULL, 10);
    unsigned long death = strtoul(getenv("FORGETFUL_DEATH"), NULL, 10);
    int fails = flushes++ % every >= every - burst;
    if (death != 0 && flushes == death) {
        kill(getpid(), SIGKILL);
    }
    if (!fails) {
        flush(file);
    }
    forget(file);
    pthread_mutex_unlock(&lock);
    if (fails) {
        errno = EIO;
        return -1;
    }
    return 0;
}
