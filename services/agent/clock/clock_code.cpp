// SPDX-License-Identifier: GPL-3.0-or-later
// The code that runs inside a target process in place of its vDSO's clock functions. It is copied
// there as bytes, so it may use nothing outside of its own section: no calls, no constants, no SSE,
// no sanitizer (see CMakeLists.txt). True time comes from the system call, which reads the same
// clock and costs some 100 ns more than the vDSO.
#include "services/agent/clock/clock_patch.h"

#include <sys/time.h>
#include <time.h>

#if defined(__x86_64__)

#define FAULTLINE_PATCH extern "C" __attribute__((section("faultline_clock"), used, noinline))
#define FAULTLINE_INLINE __attribute__((always_inline)) static inline

extern "C" {
extern const char __start_faultline_clock[]; // NOLINT: the linker's names for the ends of a section
extern const char __stop_faultline_clock[]; // NOLINT
}

// The head comes first. It is code to the assembler, since a section of a process's vDSO is mapped
// read-execute as a whole.
asm(R"(
    .pushsection faultline_clock,"ax",@progbits
    .balign 64
    .globl faultlineClockHead
    .hidden faultlineClockHead
faultlineClockHead:
    .skip 96
    .balign 64
    .popsection
)");
extern "C" __attribute__((visibility("hidden"))) const char faultlineClockHead[];

namespace {

using faultline::agent::ClockPatchHead;

constexpr std::int64_t nanoseconds = 1'000'000'000;
constexpr long callGettime = 228;
constexpr long callGettimeofday = 96;

FAULTLINE_INLINE const volatile ClockPatchHead *head()
{
    const volatile ClockPatchHead *address;
    asm("leaq faultlineClockHead(%%rip), %0" : "=r"(address));
    return address;
}

FAULTLINE_INLINE long systemCall(long number, long first, const void *second)
{
    long result;
    asm volatile("syscall"
                 : "=a"(result)
                 : "a"(number), "D"(first), "S"(second)
                 : "rcx", "r11", "memory");
    return result;
}

FAULTLINE_INLINE std::int64_t shiftNow()
{
    timespec now;
    if (systemCall(callGettime, CLOCK_MONOTONIC, &now) != 0)
        return 0;
    const std::int64_t monotonic = now.tv_sec * nanoseconds + now.tv_nsec;
    const std::int64_t first = head()->deadline;
    const std::int64_t second = head()->otherDeadline;
    if (monotonic >= (first > second ? first : second))
        return 0;
    const std::int64_t elapsed = monotonic - head()->start;
    const std::int64_t period = head()->shift.period;
    // The product needs 96 bits; shifting it needs no function of the compiler's library, dividing
    // would.
    __extension__ using Wide = __int128;
    auto shift
        = static_cast<std::int64_t>((static_cast<Wide>(elapsed) * head()->shift.ratio) >> 32);
    if (period <= 0 || (elapsed / period) % 2 == 0)
        shift += head()->shift.offset;
    return shift;
}

FAULTLINE_INLINE void add(timespec &time, std::int64_t shift)
{
    std::int64_t seconds = time.tv_sec + shift / nanoseconds;
    std::int64_t rest = time.tv_nsec + shift % nanoseconds;
    if (rest >= nanoseconds) {
        rest -= nanoseconds;
        ++seconds;
    } else if (rest < 0) {
        rest += nanoseconds;
        --seconds;
    }
    time.tv_sec = seconds;
    time.tv_nsec = rest;
}

} // namespace

FAULTLINE_PATCH int faultlineClockGettime(clockid_t clock, timespec *time)
{
    const long result = systemCall(callGettime, clock, time);
    if (result == 0
        && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_TAI))
        add(*time, shiftNow());
    return static_cast<int>(result);
}

FAULTLINE_PATCH int faultlineGettimeofday(timeval *time, struct timezone *zone)
{
    if (time != nullptr) {
        timespec now;
        const long result = systemCall(callGettime, CLOCK_REALTIME, &now);
        if (result != 0)
            return static_cast<int>(result);
        add(now, shiftNow());
        time->tv_sec = now.tv_sec;
        time->tv_usec = now.tv_nsec / 1000;
    }
    return zone == nullptr ? 0 : static_cast<int>(systemCall(callGettimeofday, 0, zone));
}

FAULTLINE_PATCH time_t faultlineTime(time_t *result)
{
    timespec now;
    if (systemCall(callGettime, CLOCK_REALTIME, &now) != 0)
        return -1;
    add(now, shiftNow());
    if (result != nullptr)
        *result = now.tv_sec;
    return now.tv_sec;
}

namespace faultline::agent {

std::span<const std::byte> clockPatchTemplate()
{
    return std::as_bytes(std::span(__start_faultline_clock,
        static_cast<std::size_t>(__stop_faultline_clock - __start_faultline_clock)));
}

ClockPatchEntries clockPatchEntries()
{
    const auto at = [](auto *function) {
        return static_cast<std::size_t>(
            reinterpret_cast<const char *>(function) - __start_faultline_clock);
    };
    return { at(&faultlineClockGettime), at(&faultlineGettimeofday), at(&faultlineTime) };
}

} // namespace faultline::agent

#else

namespace faultline::agent {

std::span<const std::byte> clockPatchTemplate()
{
    return {};
}
ClockPatchEntries clockPatchEntries()
{
    return {};
}

} // namespace faultline::agent

#endif
