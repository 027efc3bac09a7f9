// SPDX-License-Identifier: GPL-3.0-or-later
// Writes to a file that it opened once and tells, a line each round, how long writing,
// synchronising and reading took in nanoseconds and which error each had: "monotonic write errno
// fsync errno read errno open errno". The last is of opening PATH.new. Usage: io_teller PATH
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

namespace {

template <typename Function>
void tell(Function function)
{
    timespec before{};
    timespec after{};
    clock_gettime(CLOCK_MONOTONIC, &before);
    errno = 0;
    const bool good = function();
    const int error = good ? 0 : errno;
    clock_gettime(CLOCK_MONOTONIC, &after);
    printf("%lld %d ",
        (after.tv_sec - before.tv_sec) * 1000000000LL + after.tv_nsec - before.tv_nsec, error);
}

} // namespace

int main(int count, char **values)
{
    if (count != 2)
        return 64;
    char other[4096];
    snprintf(other, sizeof other, "%s.new", values[1]);
    const int file = open(values[1], O_CREAT | O_RDWR, 0600);
    static char block[4096] = "block";
    for (;;) {
        timespec now{};
        clock_gettime(CLOCK_MONOTONIC, &now);
        printf("%lld ", now.tv_sec * 1000000000LL + now.tv_nsec);
        tell([&] { return pwrite(file, block, sizeof block, 0) == sizeof block; });
        tell([&] { return fdatasync(file) == 0; });
        tell([&] { return pread(file, block, sizeof block, 0) == sizeof block; });
        tell([&] {
            const int opened = open(other, O_CREAT | O_RDWR, 0600);
            return opened >= 0 && close(opened) == 0;
        });
        printf("\n");
        fflush(stdout);
        usleep(5000);
    }
}
