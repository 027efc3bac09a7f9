// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/clock/process_clock.h"

#include "services/agent/process/process_maps.h"
#include "services/agent/process/process_memory.h"
#include "services/agent/process/stopped_process.h"
#include "services/agent/process/target_processes.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <limits>
#include <sys/mman.h>
#include <time.h>

namespace faultline::agent {

namespace {

constexpr std::size_t alignment = 64;
constexpr std::size_t jumpSize = 5;
constexpr auto stopLimit = std::chrono::milliseconds(2000);
constexpr int stopAttempts = 40;

std::size_t placeOf(const VdsoImage &image)
{
    const std::size_t size = clockPatchTemplate().size();
    return size == 0 || size > image.bytes.size()
        ? 0
        : (image.bytes.size() - size) / alignment * alignment;
}

std::array<std::byte, jumpSize> jump(std::size_t from, std::size_t to)
{
    const auto distance = static_cast<std::int32_t>(
        static_cast<std::int64_t>(to) - static_cast<std::int64_t>(from + jumpSize));
    std::array<std::byte, jumpSize> code{ std::byte{ 0xe9 } };
    std::memcpy(code.data() + 1, &distance, sizeof(distance));
    return code;
}

/// Where a jump at this offset leads to; 0: there is none.
std::size_t jumpTarget(const std::vector<std::byte> &bytes, std::size_t at)
{
    std::int32_t distance = 0;
    std::memcpy(&distance, bytes.data() + at + 1, sizeof(distance));
    const std::int64_t target = static_cast<std::int64_t>(at + jumpSize) + distance;
    return bytes[at] == std::byte{ 0xe9 } && target > 0 ? static_cast<std::size_t>(target) : 0;
}

std::int64_t realTime()
{
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

/// Whether the process counts CLOCK_MONOTONIC from another moment than this one.
bool hasOtherMonotonicClock(pid_t process)
{
    std::error_code error;
    const auto theirs
        = std::filesystem::read_symlink("/proc/" + std::to_string(process) + "/ns/time", error);
    if (error)
        return false; // an older kernel has no such namespaces
    return theirs != std::filesystem::read_symlink("/proc/self/ns/time", error);
}

/// A pause between two attempts, so that a thread can leave where it is.
void letItRun()
{
    const timespec pause{ 0, 5'000'000 };
    nanosleep(&pause, nullptr);
}

/// A copy of a vDSO of ours that can be called.
class CallableCopy
{
public:
    explicit CallableCopy(const std::vector<std::byte> &bytes)
        : m_size(bytes.size())
        , m_memory(
              mmap(nullptr, m_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
    {
        if (m_memory == MAP_FAILED)
            return;
        std::memcpy(m_memory, bytes.data(), m_size);
        m_callable = mprotect(m_memory, m_size, PROT_READ | PROT_EXEC) == 0;
    }
    CallableCopy(const CallableCopy &) = delete;
    CallableCopy &operator=(const CallableCopy &) = delete;
    ~CallableCopy()
    {
        if (m_memory != MAP_FAILED)
            munmap(m_memory, m_size);
    }

    [[nodiscard]] bool isCallable() const { return m_callable; }
    [[nodiscard]] std::int64_t realTime(std::size_t clockGettime) const
    {
        using Function = int (*)(clockid_t, timespec *);
        timespec now{};
        reinterpret_cast<Function>(static_cast<std::byte *>(m_memory) + clockGettime)(
            CLOCK_REALTIME, &now);
        return now.tv_sec * 1'000'000'000 + now.tv_nsec;
    }

private:
    std::size_t m_size;
    void *m_memory;
    bool m_callable = false;
};

} // namespace

ProcessClock::ProcessClock(pid_t process, const VdsoImage &image)
    : m_process(process)
    , m_image(image)
{
    read();
}

bool ProcessClock::hasRoom(const VdsoImage &image)
{
    return placeOf(image) > 0 && placeOf(image) >= image.spare;
}

std::vector<std::size_t> ProcessClock::entries() const
{
    return { m_image.clockGettime, m_image.gettimeofday, m_image.time };
}

void ProcessClock::read()
{
    m_state = State::Gone;
    const ProcessMemory memory(m_process);
    if (!memory.isOpen()) {
        m_reason = std::string("its memory can't be opened: ") + std::strerror(errno);
        return;
    }
    const auto range = mappedRange(m_process, "[vdso]");
    if (!range || range->size() != m_image.bytes.size()) {
        m_state = processOf(m_process) ? State::OtherKind : State::Gone;
        return;
    }
    m_begin = range->begin;
    m_bytes.resize(m_image.bytes.size());
    if (!memory.read(m_begin, m_bytes))
        return;
    m_state = m_bytes == m_image.bytes ? State::Pristine : findHead() ? compare() : State::Foreign;
    if (m_state == State::Foreign
        && !std::equal(m_bytes.begin(), m_bytes.begin() + 64, m_image.bytes.begin()))
        m_state = State::OtherKind;
}

bool ProcessClock::findHead()
{
    // Another build of the agent may have a longer or a shorter body, so the place is looked for.
    for (std::size_t at = (m_image.spare + alignment - 1) / alignment * alignment;
         at + sizeof(ClockPatchHead) <= m_bytes.size(); at += alignment) {
        if (std::memcmp(m_bytes.data() + at, clockPatchMagic.data(), clockPatchMagic.size()) != 0)
            continue;
        m_place = at;
        std::memcpy(&m_head, m_bytes.data() + at, sizeof(m_head));
        return true;
    }
    return false;
}

ProcessClock::State ProcessClock::compare() const
{
    auto expected = m_image.bytes;
    std::size_t jumps = 0;
    for (const std::size_t entry : entries()) {
        if (jumpTarget(m_bytes, entry) < m_place || jumpTarget(m_bytes, entry) >= m_bytes.size())
            continue;
        ++jumps;
        std::copy_n(m_bytes.begin() + static_cast<std::ptrdiff_t>(entry), jumpSize,
            expected.begin() + static_cast<std::ptrdiff_t>(entry));
    }
    if (!std::equal(m_bytes.begin(), m_bytes.begin() + static_cast<std::ptrdiff_t>(m_place),
            expected.begin()))
        return State::Foreign;
    return jumps == entries().size() ? State::Ours : State::Partial;
}

std::string ProcessClock::fault() const
{
    return { m_head.fault.data(), strnlen(m_head.fault.data(), m_head.fault.size()) };
}

bool ProcessClock::mayRunInEntries(const StoppedProcess &stopped) const
{
    const auto all = entries();
    return std::any_of(all.begin(), all.end(), [&](std::size_t entry) {
        return stopped.mayRunIn(address(entry), address(entry + jumpSize));
    });
}

Outcome<> ProcessClock::whileStopped(const Step &step, Refusal failed)
{
    std::string reason;
    for (int attempt = 0; attempt < stopAttempts; ++attempt) {
        Outcome<bool> done = false;
        onItsOwnThread([&] {
            StoppedProcess stopped;
            const auto begin = std::chrono::steady_clock::now();
            switch (stopped.stop(m_process, stopLimit)) {
            case StoppedProcess::Outcome::Stopped: {
                const ProcessMemory memory(m_process);
                done = step(stopped, memory);
                break;
            }
            case StoppedProcess::Outcome::Gone:
                done = refused(Refusal::Moot, stopped.reason());
                break;
            case StoppedProcess::Outcome::Refused:
                done = refused(Refusal::CannotHere, stopped.reason());
                break;
            case StoppedProcess::Outcome::Late:
                done = refused(failed, stopped.reason());
                break;
            }
            stopped.release();
            m_stopped = std::chrono::steady_clock::now() - begin;
        });
        if (!done)
            return tl::make_unexpected(done.error());
        if (*done) {
            read();
            return {};
        }
        letItRun();
    }
    return refused(failed,
        "A thread of process " + std::to_string(m_process)
            + " stays inside of the clock functions.");
}

Outcome<bool> ProcessClock::writePatch(const ProcessMemory &memory, const ClockPatchHead &head)
{
    const auto code = clockPatchTemplate();
    std::vector<std::byte> body(code.begin(), code.end());
    std::memcpy(body.data(), &head, sizeof(head));
    m_place = placeOf(m_image);
    bool written = memory.write(address(m_place), body);
    const auto functions = clockPatchEntries();
    for (const auto &[entry, target] : { std::pair(m_image.clockGettime, functions.clockGettime),
             std::pair(m_image.gettimeofday, functions.gettimeofday),
             std::pair(m_image.time, functions.time) })
        written = written && memory.write(address(entry), jump(entry, m_place + target));
    if (!written)
        return refused(Refusal::CannotHere,
            "The vDSO of process " + std::to_string(m_process)
                + " can't be written to: " + std::strerror(errno) + ".");
    return true;
}

Outcome<> ProcessClock::patch(const ClockPatchHead &head)
{
    if (hasOtherMonotonicClock(m_process))
        return refused(Refusal::CannotHere,
            "Process " + std::to_string(m_process)
                + " is in a time namespace of its own: the deadline would mean another time "
                  "there.");
    return whileStopped(
        [&](const StoppedProcess &stopped, const ProcessMemory &memory) -> Outcome<bool> {
            read();
            if (m_state != State::Pristine && m_state != State::Partial)
                return refused(Refusal::Foreign,
                    "The vDSO of process " + std::to_string(m_process)
                        + " was changed by somebody else.");
            if (mayRunInEntries(stopped)
                || stopped.mayRunIn(address(m_image.spare), address(m_bytes.size())))
                return false;
            return writePatch(memory, head);
        },
        Refusal::DidNotBite);
}

Outcome<> ProcessClock::restore()
{
    if (m_state != State::Ours && m_state != State::Partial)
        return {};
    const ProcessMemory running(m_process);
    const std::array<std::int64_t, 2> over{ 0, 0 };
    const bool ended = running.write(
        headAddress() + offsetof(ClockPatchHead, deadline), std::as_bytes(std::span(over)));
    auto done = whileStopped(
        [&](const StoppedProcess &stopped, const ProcessMemory &memory) -> Outcome<bool> {
            if (mayRunInEntries(stopped))
                return false;
            for (const std::size_t entry : entries())
                if (!memory.write(
                        address(entry), std::span(m_image.bytes).subspan(entry, jumpSize)))
                    return refused(Refusal::Leaked,
                        std::string("Its vDSO can't be written to: ") + std::strerror(errno) + ".");
            // From here on nobody enters the body; who is in it gets time to leave.
            if (stopped.mayRunIn(address(m_place) - 1, address(m_bytes.size())))
                return false;
            return memory.write(address(m_place), std::span(m_image.bytes).subspan(m_place))
                ? Outcome<bool>(true)
                : refused(Refusal::Leaked,
                    std::string("Its vDSO can't be written to: ") + std::strerror(errno) + ".");
        },
        Refusal::Leaked);
    if (!done && done.error().refusal != Refusal::Moot)
        return refused(Refusal::Leaked,
            done.error().text
                + (ended ? " Its clock is right, but code of ours is left in its vDSO." : ""));
    return {};
}

bool ProcessClock::renew(
    pid_t process, std::uintptr_t headAddress, std::string_view fault, std::int64_t deadline)
{
    const ProcessMemory memory(process);
    ClockPatchHead head;
    if (!memory.isOpen() || !memory.read(headAddress, std::as_writable_bytes(std::span(&head, 1)))
        || head.magic != clockPatchMagic || fault != std::string_view(head.fault.data()))
        return false;
    // The one that counts now stays whole while the other is written.
    const bool firstCounts = head.deadline > head.otherDeadline;
    const std::size_t earlier = firstCounts ? offsetof(ClockPatchHead, otherDeadline)
                                            : offsetof(ClockPatchHead, deadline);
    const std::size_t later = firstCounts ? offsetof(ClockPatchHead, deadline)
                                          : offsetof(ClockPatchHead, otherDeadline);
    const auto bytes = std::as_bytes(std::span(&deadline, 1));
    if (!memory.write(headAddress + earlier, bytes))
        return false;
    // A lease may be made shorter, too: then the other one must not outlast it.
    return deadline >= std::max(head.deadline, head.otherDeadline)
        || memory.write(headAddress + later, bytes);
}

std::optional<std::int64_t> ProcessClock::measuredShift() const
{
    const auto code = clockPatchTemplate();
    const std::size_t size = sizeof(ClockPatchHead);
    if (m_state != State::Ours || m_place != placeOf(m_image)
        || !std::equal(code.begin() + size, code.end(),
            m_bytes.begin() + static_cast<std::ptrdiff_t>(m_place + size)))
        return std::nullopt;
    const CallableCopy copy(m_bytes);
    if (!copy.isCallable())
        return std::nullopt;
    std::int64_t best = std::numeric_limits<std::int64_t>::max();
    std::int64_t shift = 0;
    for (int i = 0; i < 5; ++i) {
        const std::int64_t before = realTime();
        const std::int64_t seen = copy.realTime(m_image.clockGettime);
        const std::int64_t after = realTime();
        if (after - before < best) {
            best = after - before;
            shift = seen - (before + best / 2);
        }
    }
    return shift;
}

} // namespace faultline::agent
