// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/frame/life_cycle.h"

#include <algorithm>
#include <csignal>
#include <sys/signalfd.h>

namespace faultline::agent {
namespace {

constexpr BootClock::duration lookEvery = std::chrono::seconds(1);
constexpr BootClock::duration pauseBetween = std::chrono::milliseconds(100);

void pause(BootClock::duration time)
{
    ::poll(nullptr, 0,
        static_cast<int>(std::chrono::duration_cast<std::chrono::milliseconds>(time).count()));
}

int codeOf(Refusal refusal)
{
    return static_cast<int>(refusal);
}

} // namespace

LifeCycle::LifeCycle(const Spec &spec, Fault &fault, Control &control, Surroundings surroundings)
    : m_spec(spec)
    , m_fault(fault)
    , m_control(control)
    , m_around(std::move(surroundings))
    , m_leaseEnd(BootClock::now() + fromSeconds(spec.lease))
    , m_nextLook(BootClock::now())
{
    if (spec.duration > 0)
        m_durationEnd = BootClock::now() + fromSeconds(spec.duration);
    if (const auto every = fault.tickEvery())
        m_nextTick = BootClock::now() + *every;
    m_last.fault = spec.id;
}

BootClock::time_point LifeCycle::until() const
{
    return m_durationEnd ? std::min(m_leaseEnd, *m_durationEnd) : m_leaseEnd;
}

void LifeCycle::say(
    const std::string &state, const std::string &detail, const nlohmann::json &measured)
{
    m_last.state = state;
    m_last.detail = detail;
    m_last.mechanism = m_fault.mechanism();
    m_last.undo = m_fault.handUndo();
    if (!measured.empty())
        m_last.measured = measured;
    m_last.leaseLeft = std::max(0.0, inSeconds(until() - BootClock::now()));
    const std::string line = m_last.line();
    m_around.tell(line);
    m_control.tellAll(line);
}

int LifeCycle::run()
{
    if (const auto ready = m_fault.check(); !ready)
        return failed(ready.error());
    say("injecting", "");
    if (const auto in = bringIn(); !in)
        return recover("the injection failed", in.error());
    return holdIt();
}

int LifeCycle::failed(const Failure &failure)
{
    if (failure.refusal == Refusal::Moot)
        return moot(failure.text);
    say("refused", failure.text);
    return codeOf(failure.refusal);
}

int LifeCycle::moot(const std::string &detail)
{
    say("moot", detail);
    return codeOf(Refusal::Moot);
}

Outcome<> LifeCycle::bringIn()
{
    const BootClock::time_point began = BootClock::now();
    if (const auto in = m_fault.inject(until()); !in)
        return in;
    Proof proof;
    do {
        proof = m_fault.proveInForce();
        if (proof.holds) {
            proof.measured["injectionMs"] = inSeconds(BootClock::now() - began) * 1000;
            say("in force", proof.detail, proof.measured);
            return {};
        }
        if (m_fault.targetGone())
            return refused(Refusal::Moot, "The target is gone: nothing of ours can be left on it");
        if (lookAround() != Wish::None)
            return refused(Refusal::DidNotBite,
                "It was stopped before an effect was seen, because " + m_why + ": " + proof.detail);
        pause(pauseBetween);
    } while (BootClock::now() - began < m_around.proveWithin);
    m_last.measured = proof.measured;
    return refused(Refusal::DidNotBite, "Injected, but no effect was seen: " + proof.detail);
}

int LifeCycle::holdIt()
{
    for (;;) {
        const Wish wish = lookAround();
        if (wish == Wish::Undo)
            return recover(m_why);
        if (wish == Wish::Moot)
            return recover("the target is gone", Failure{ Refusal::Moot, "The target is gone" });
        waitForNext();
    }
}

void LifeCycle::waitForNext()
{
    std::vector<pollfd> polls{ { m_around.stopSignals, POLLIN, 0 } };
    m_control.wants(polls);
    BootClock::time_point next = std::min(until(), m_nextLook);
    if (m_nextTick)
        next = std::min(next, *m_nextTick);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - BootClock::now());
    ::poll(polls.data(), polls.size(), static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
}

LifeCycle::Wish LifeCycle::lookAround()
{
    signalfd_siginfo came{};
    pollfd wait{ m_around.stopSignals, POLLIN, 0 };
    if (m_around.stopSignals >= 0 && ::poll(&wait, 1, 0) == 1
        && ::read(m_around.stopSignals, &came, sizeof came) == static_cast<ssize_t>(sizeof came))
        m_why = std::string("the agent got ") + ::strsignal(static_cast<int>(came.ssi_signo));
    for (const Control::Event &event : m_control.take())
        obey(event);
    if (!m_why.empty())
        return Wish::Undo;
    if (const Wish wish = renewed(); wish != Wish::None)
        return wish;
    if (const Wish wish = endOfTime(); wish != Wish::None)
        return wish;
    return ticked();
}

void LifeCycle::obey(const Control::Event &event)
{
    if (event.lost) {
        m_why = "its controller's stream closed";
        return;
    }
    Report answer = m_last;
    if (!event.order)
        answer.detail = event.order.error().text;
    else if (event.order->verb == Order::Verb::Stop)
        m_why = "its controller stopped it";
    else
        m_leaseMoved = changeLease(*event.order) || m_leaseMoved;
    answer.leaseLeft = std::max(0.0, inSeconds(until() - BootClock::now()));
    const std::string line = answer.line();
    if (!m_control.answer(event.client, line))
        m_around.tell(line);
}

bool LifeCycle::changeLease(const Order &order)
{
    switch (order.verb) {
    case Order::Verb::Hold:
        m_control.hold();
        m_durationEnd.reset();
        [[fallthrough]];
    case Order::Verb::Renew:
        m_leaseEnd = BootClock::now() + fromSeconds(order.seconds);
        return true;
    case Order::Verb::Extend:
        if (m_durationEnd)
            *m_durationEnd += fromSeconds(order.seconds);
        return m_durationEnd.has_value();
    case Order::Verb::Stop:
    case Order::Verb::State:
        break;
    }
    return false;
}

LifeCycle::Wish LifeCycle::renewed()
{
    if (!m_leaseMoved)
        return Wish::None;
    m_leaseMoved = false;
    const auto moved = m_fault.renew(until());
    if (moved)
        return Wish::None;
    m_why = "its lease could not be renewed: " + moved.error().text;
    return moved.error().refusal == Refusal::Moot ? Wish::Moot : Wish::Undo;
}

LifeCycle::Wish LifeCycle::endOfTime()
{
    const BootClock::time_point now = BootClock::now();
    if (now >= until()) {
        m_why = m_durationEnd && *m_durationEnd <= m_leaseEnd ? "its duration is over"
                                                              : "its lease ended";
        return Wish::Undo;
    }
    if (now < m_nextLook)
        return Wish::None;
    m_nextLook = now + lookEvery;
    return m_fault.targetGone() ? Wish::Moot : Wish::None;
}

LifeCycle::Wish LifeCycle::ticked()
{
    if (!m_nextTick || BootClock::now() < *m_nextTick)
        return Wish::None;
    m_nextTick = std::max(*m_nextTick + *m_fault.tickEvery(), BootClock::now());
    const auto done = m_fault.tick();
    if (done)
        return Wish::None;
    m_why = "it could not go on: " + done.error().text;
    return done.error().refusal == Refusal::Moot ? Wish::Moot : Wish::Undo;
}

int LifeCycle::recover(const std::string &why, std::optional<Failure> instead)
{
    m_last.measured = nlohmann::json::object();
    say("recovering", "Undone because " + why);
    const BootClock::time_point began = BootClock::now();
    std::string doubt;
    do {
        const auto undone = m_fault.undo();
        const Proof proof = undone ? m_fault.proveOut() : Proof{ false, undone.error().text, {} };
        const bool gone
            = m_fault.targetGone() || (!undone && undone.error().refusal == Refusal::Moot);
        if (gone)
            return moot("The target is gone: nothing of ours can be left on it");
        doubt = proof.detail;
        if (proof.holds && instead && instead->refusal == Refusal::DidNotBite) {
            say("did not bite", instead->text, proof.measured);
            return codeOf(Refusal::DidNotBite);
        }
        if (proof.holds && instead)
            return failed(*instead);
        if (proof.holds) {
            nlohmann::json measured = proof.measured;
            measured["recoveryMs"] = inSeconds(BootClock::now() - began) * 1000;
            say("out", "Undone because " + why + ". " + proof.detail, measured);
            return 0;
        }
        pause(pauseBetween);
    } while (BootClock::now() - began < m_around.recoverWithin);
    say("leaked",
        "The undo could not be verified: " + doubt + ". Undo it by hand: " + m_fault.handUndo());
    return codeOf(Refusal::Leaked);
}

int LifeCycle::undo()
{
    return recover("it was asked to");
}

int LifeCycle::probe()
{
    const Proof in = m_fault.proveInForce();
    if (in.holds) {
        say("in force", in.detail, in.measured);
        return 0;
    }
    // Not felt is not the same as gone: what can't be read, or is still there, must not pass for
    // out.
    const Proof out = m_fault.proveOut();
    say(out.holds ? "out" : "leaked", out.holds ? out.detail : in.detail + ". " + out.detail,
        out.measured);
    return out.holds ? 0 : codeOf(Refusal::Leaked);
}

} // namespace faultline::agent
