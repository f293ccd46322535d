/*
 * Cuts a mounted ext4 file system off its disk, as a power failure would: what was not flushed is lost, the journal's own buffers
 * included. FOLDER is where it is mounted. It stays useless until it is mounted again.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* EXT4_IOC_SHUTDOWN and EXT4_GOING_FLAGS_NOLOGFLUSH of the kernel's fs/ext4/ext4.h. */
#define SHUTDOWN _IOR('X', 125, uint32_t)
#define WITHOUT_FLUSH 2

int main(int count, char **arguments)
{
    uint32_t flags = WITHOUT_FLUSH;
    int folder = count == 2 ? open(arguments[1], O_RDONLY | O_DIRECTORY) : -1;
    if (folder < 0 || ioctl(folder, SHUTDOWN, &flags) != 0) {
        perror("power_cut");
        return 1;
    }

    close(folder);
    return 0;
}
