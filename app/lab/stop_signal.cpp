// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/lab/stop_signal.h"

#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <initializer_list>

namespace faultline::lab {

namespace {

int stopEvent = -1; // a signal handler can reach nothing else

void requestStop(int)
{
    const int kept = errno;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(stopEvent, &one, sizeof one);
    errno = kept;
}

void ignore(int) { }

void install(int number, void (*handler)(int))
{
    struct sigaction action
    {
    };
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(number, &action, nullptr);
}

} // namespace

void catchStopSignals()
{
    stopEvent = eventfd(0, EFD_CLOEXEC);
    for (const int number : { SIGINT, SIGTERM, SIGHUP })
        install(number, requestStop);
    install(SIGPIPE, ignore);
}

void waitForStop()
{
    std::uint64_t count = 0;
    while (read(stopEvent, &count, sizeof count) < 0 && errno == EINTR) { }
}

} // namespace faultline::lab
