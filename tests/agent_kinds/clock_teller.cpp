// SPDX-License-Identifier: GPL-3.0-or-later
// Tells the clocks as it sees them, one line each 10 ms: monotonic, clock_gettime, gettimeofday,
// time and the raw system call, all in nanoseconds, and how often its other threads read a clock.
// Usage: clock_teller [THREADS]       THREADS more threads read clocks as fast as they can
//        clock_teller http PORT      tells "monotonic date" each time the Date of a local HTTP
//        server moves on
#include <arpa/inet.h>
#include <atomic>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

namespace {

std::atomic<unsigned long> readings;

long long nanoseconds(const timespec &time)
{
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

long long monotonic()
{
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return nanoseconds(now);
}

void *readForEver(void *)
{
    for (;;) {
        timespec now{};
        timeval day{};
        clock_gettime(CLOCK_REALTIME, &now);
        gettimeofday(&day, nullptr);
        if (time(nullptr) == 0 || monotonic() == 0)
            abort();
        readings.fetch_add(4, std::memory_order_relaxed);
    }
}

void tell()
{
    timespec real{};
    timespec raw{};
    timeval day{};
    const long long mono = monotonic();
    clock_gettime(CLOCK_REALTIME, &real);
    gettimeofday(&day, nullptr);
    const time_t seconds = time(nullptr);
    syscall(SYS_clock_gettime, CLOCK_REALTIME, &raw);
    printf("%lld %lld %lld %lld %lld %lu\n", mono, nanoseconds(real),
        day.tv_sec * 1000000000LL + day.tv_usec * 1000LL, seconds * 1000000000LL, nanoseconds(raw),
        readings.load());
    fflush(stdout);
}

/// The Date of the server's answer as seconds since 1970; 0: it gave none.
time_t askDate(int port)
{
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<unsigned short>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const char request[] = "GET /version HTTP/1.0\r\n\r\n";
    char answer[2048] = {};
    ssize_t size = 0;
    if (connect(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0
        && write(socket, request, sizeof request - 1) > 0)
        for (ssize_t got = 1;
             got > 0 && size<static_cast<ssize_t>(sizeof answer) - 1; size += got> 0 ? got : 0)
            got = read(socket, answer + size, sizeof answer - 1 - static_cast<size_t>(size));
    close(socket);
    const char *const date = strstr(answer, "\r\nDate: ");
    tm parts{};
    return date && strptime(date + 8, "%a, %d %b %Y %H:%M:%S GMT", &parts) ? timegm(&parts) : 0;
}

void followDate(int port)
{
    time_t last = 0;
    for (;;) {
        const time_t date = askDate(port);
        const long long mono = monotonic();
        if (last != 0 && date != 0 && date != last) {
            printf("%lld %lld\n", mono, date * 1000000000LL);
            fflush(stdout);
        }
        last = date;
        usleep(1000);
    }
}

} // namespace

int main(int count, char **values)
{
    if (count == 3 && strcmp(values[1], "http") == 0)
        followDate(atoi(values[2]));
    for (int i = 0; count == 2 && i < atoi(values[1]); ++i) {
        pthread_t thread{};
        if (pthread_create(&thread, nullptr, readForEver, nullptr) != 0)
            return 1;
    }
    for (;;) {
        tell();
        usleep(10000);
    }
}
