// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/clock/clock_fault.h"

#include "services/agent/process/hand_undo.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <ctime>

namespace faultline::agent {
namespace {

constexpr double nanosecondsInMillisecond = 1e6;
constexpr int rounds = 8;
/// What the proof allows between the shift asked for and the one measured: two readings of a clock
/// and a busy machine.
constexpr std::int64_t tolerance = 5'000'000;

std::int64_t monotonic()
{
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1'000'000'000 + now.tv_nsec;
}

/// The patch compares with CLOCK_MONOTONIC, which every vDSO and every kernel has.
std::int64_t deadlineAt(BootClock::time_point until)
{
    return monotonic() + (until - BootClock::now()).count();
}

double milliseconds(std::int64_t nanoseconds)
{
    return static_cast<double>(nanoseconds) / nanosecondsInMillisecond;
}

std::string shown(const ProcessId &process)
{
    return "process " + std::to_string(process.number) + " (" + processName(process.number) + ')';
}

std::string count(std::size_t number)
{
    return std::to_string(number) + (number == 1 ? " process" : " processes");
}

} // namespace

ClockFault::ClockFault(const Spec &spec, const ClockShift &shift)
    : m_spec(spec)
    , m_shift(shift)
{
}

std::string ClockFault::way()
{
    return "patch of the vDSO with a deadline of its own";
}

Outcome<> ClockFault::loadImage()
{
    std::string reason;
    if (!m_image)
        m_image = ownVdso(reason);
    if (clockPatchTemplate().empty())
        return refused(Refusal::CannotHere, "The clock patch exists for x86-64 only.");
    if (!m_image)
        return refused(Refusal::CannotHere, "A clock can't be shifted here: " + reason + '.');
    if (!ProcessClock::hasRoom(*m_image))
        return refused(Refusal::CannotHere,
            "A clock can't be shifted here: the kernel's vDSO has no room behind its code.");
    return {};
}

/// Whether a process can be patched; one that is gone or of another word size is no hindrance.
Outcome<> ClockFault::examine(const ProcessId &process, const ProcessClock &clock) const
{
    switch (clock.state()) {
    case ProcessClock::State::Gone:
        if (isAlive(process))
            return refused(Refusal::CannotHere,
                "The memory of " + shown(process) + " can't be reached: " + clock.reason()
                    + ". The helper needs CAP_SYS_PTRACE.");
        break;
    case ProcessClock::State::Foreign:
        return refused(
            Refusal::Foreign, "Somebody else changed the vDSO of " + shown(process) + '.');
    case ProcessClock::State::Ours:
    case ProcessClock::State::Partial:
        if (clock.fault() != m_spec.id)
            return refused(Refusal::Foreign,
                "Fault " + clock.fault() + " has the clock of " + shown(process)
                    + ". Stop it first.");
        break;
    case ProcessClock::State::OtherKind:
    case ProcessClock::State::Pristine:
        break;
    }
    return {};
}

Outcome<> ClockFault::check()
{
    if (const auto loaded = loadImage(); !loaded)
        return loaded;
    const auto processes = findTarget(m_spec.target);
    if (!processes)
        return tl::make_unexpected(processes.error());
    if (const auto free = untraced(*processes); !free)
        return free;
    std::size_t able = 0;
    for (const auto &process : *processes) {
        const ProcessClock clock(process.number, *m_image);
        if (const auto good = examine(process, clock); !good)
            return good;
        able += clock.state() == ProcessClock::State::OtherKind ? 0 : 1;
    }
    if (able == 0)
        return refused(Refusal::CannotHere,
            "No process of the target has a 64-bit vDSO, so its clock can't be shifted.");
    return {};
}

Outcome<> ClockFault::reach(const ProcessId &process)
{
    ProcessClock clock(process.number, *m_image);
    if (const auto good = examine(process, clock); !good)
        return good;
    if (clock.state() == ProcessClock::State::Pristine
        || clock.state() == ProcessClock::State::Partial) {
        const auto patched = clock.patch(m_head);
        if (!patched && patched.error().refusal != Refusal::Moot)
            return patched;
        m_longestStop = std::max(m_longestStop, clock.stopped());
    }
    // A child may have inherited the patch with a deadline of its parent's.
    if (clock.state() == ProcessClock::State::Ours
        && ProcessClock::renew(process.number, clock.headAddress(), m_spec.id, m_head.deadline))
        m_reached[process] = clock.headAddress();
    return {};
}

/// True: there was something new.
Outcome<bool> ClockFault::reachNew()
{
    bool found = false;
    const auto processes = targetProcesses(m_spec.target);
    for (const auto &process : processes) {
        const auto known = m_reached.find(process);
        // Renewing asks at the same time whether it still runs the program that was patched.
        if (known != m_reached.end()
            && ProcessClock::renew(process.number, known->second, m_spec.id, m_head.deadline))
            continue;
        const std::size_t before = m_reached.erase(process);
        if (const auto reached = reach(process); !reached)
            return tl::make_unexpected(reached.error());
        found = found || m_reached.contains(process) || before > 0;
    }
    std::erase_if(m_reached, [&](const auto &entry) {
        return std::ranges::find(processes, entry.first) == processes.end();
    });
    return found;
}

Outcome<> ClockFault::inject(BootClock::time_point until)
{
    m_head.magic = clockPatchMagic;
    std::copy_n(m_spec.id.begin(), std::min(m_spec.id.size(), m_head.fault.size() - 1),
        m_head.fault.begin());
    m_head.start = monotonic();
    m_head.shift = m_shift;
    m_head.deadline = deadlineAt(until);
    const auto processes = findTarget(m_spec.target);
    if (!processes)
        return tl::make_unexpected(processes.error());
    m_first = processes->front();
    // What is forked during a round by a process that was not yet reached is found in the next one.
    for (int round = 0; round < rounds; ++round) {
        const auto found = reachNew();
        if (!found)
            return tl::make_unexpected(found.error());
        if (!*found)
            break;
    }
    return {};
}

Outcome<> ClockFault::tick()
{
    if (targetGone())
        return refused(Refusal::Moot, "The target's first process ended.");
    const auto found = reachNew();
    if (!found)
        return tl::make_unexpected(found.error());
    return {};
}

std::optional<BootClock::duration> ClockFault::tickEvery() const
{
    return std::chrono::milliseconds(100);
}

Outcome<> ClockFault::renew(BootClock::time_point until)
{
    m_head.deadline = deadlineAt(until);
    return tick();
}

bool ClockFault::targetGone()
{
    if (m_first)
        return !isAlive(*m_first);
    return m_spec.target.pids != Pids::Unseen && targetProcesses(m_spec.target).empty();
}

Outcome<> ClockFault::undo()
{
    if (const auto loaded = loadImage(); !loaded)
        return loaded;
    m_reached.clear();
    m_longestStop = {};
    Outcome<> result;
    bool found = true;
    for (int round = 0; round < rounds && found; ++round) {
        found = false;
        result = {};
        for (const auto &process : targetProcesses(m_spec.target)) {
            ProcessClock clock(process.number, *m_image);
            const bool patched = clock.state() == ProcessClock::State::Ours
                || clock.state() == ProcessClock::State::Partial;
            if (!patched || clock.fault() != m_spec.id)
                continue;
            found = true;
            if (const auto restored = clock.restore(); !restored)
                result = restored;
            m_longestStop = std::max(m_longestStop, clock.stopped());
        }
    }
    return result;
}

Proof ClockFault::proveInForce()
{
    Proof proof;
    if (const auto loaded = loadImage(); !loaded)
        return { false, loaded.error().text, nlohmann::json::object() };
    std::size_t shifted = 0;
    std::size_t others = 0;
    std::int64_t shift = 0;
    for (const auto &process : targetProcesses(m_spec.target)) {
        const ProcessClock clock(process.number, *m_image);
        if (clock.state() == ProcessClock::State::OtherKind)
            ++others;
        if (clock.state() != ProcessClock::State::Ours || clock.fault() != m_spec.id)
            continue;
        const auto measured = clock.measuredShift();
        const std::int64_t wanted = shiftAt(clock.head(), monotonic());
        if (!measured || std::abs(*measured - wanted) > tolerance
            || clock.head().lastDeadline() <= monotonic()) {
            proof.detail = "The clock of " + shown(process) + " is not shifted.";
            return proof;
        }
        shift = *measured;
        ++shifted;
    }
    proof.holds = shifted > 0;
    proof.detail = shifted == 0 ? "No process of the target has a shifted clock."
                                : "The clock of " + count(shifted) + " is off by "
            + std::to_string(std::llround(milliseconds(shift))) + " ms.";
    if (others > 0)
        proof.detail += ' ' + count(others) + " of another word size can't be reached.";
    proof.measured = { { "processes", shifted }, { "shiftMs", milliseconds(shift) },
        { "longestStopMs", milliseconds(m_longestStop.count()) } };
    return proof;
}

Proof ClockFault::proveOut()
{
    if (const auto loaded = loadImage(); !loaded)
        return { false, loaded.error().text, nlohmann::json::object() };
    std::size_t pristine = 0;
    for (const auto &process : targetProcesses(m_spec.target)) {
        const ProcessClock clock(process.number, *m_image);
        const bool patched = clock.state() == ProcessClock::State::Ours
            || clock.state() == ProcessClock::State::Partial;
        if (patched && clock.fault() == m_spec.id)
            return { false, "The vDSO of " + shown(process) + " still has the patch.",
                nlohmann::json::object() };
        if (clock.state() == ProcessClock::State::Gone && isAlive(process))
            return { false,
                "The memory of " + shown(process) + " can't be read: " + clock.reason() + '.',
                nlohmann::json::object() };
        pristine += clock.state() == ProcessClock::State::Pristine ? 1 : 0;
    }
    return { true, "The vDSO of " + count(pristine) + " is as the kernel made it.",
        { { "processes", pristine }, { "longestStopMs", milliseconds(m_longestStop.count()) } } };
}

std::string ClockFault::handUndo() const
{
    return handUndoCommand(m_spec, "SYS_PTRACE");
}

} // namespace faultline::agent
