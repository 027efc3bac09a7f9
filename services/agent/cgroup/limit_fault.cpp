// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/cgroup/limit_fault.h"

#include "services/agent/process/hand_undo.h"

#include <algorithm>

namespace faultline::agent {

LimitFault::LimitFault(const Spec &spec, std::unique_ptr<Limit> limit)
    : m_spec(spec)
    , m_limit(std::move(limit))
{
}

Outcome<> LimitFault::locate()
{
    if (m_values)
        return {};
    m_tree = CgroupTree::ofHelper();
    if (!m_tree || !m_tree->hasController(m_limit->controller()))
        return refused(Refusal::CannotHere,
            "The helper sees no cgroups of the controller " + m_limit->controller()
                + ". Bind the host's /sys/fs/cgroup to /host/cgroup.");
    const auto folder = m_tree->folder(m_limit->controller(), m_spec.target.container);
    if (!folder)
        return refused(Refusal::Moot, "The target has no cgroup any more.");
    m_folder = *folder;
    m_values.emplace(m_folder, m_spec.id);
    return {};
}

Outcome<> LimitFault::check()
{
    const auto processes = findTarget(m_spec.target);
    if (!processes)
        return tl::make_unexpected(processes.error());
    if (const auto located = locate(); !located && located.error().refusal == Refusal::Moot)
        // It runs, so it is only this helper that doesn't see its cgroup.
        return refused(Refusal::CannotHere,
            "The helper sees no cgroup of the target. Bind the host's /sys/fs/cgroup to "
            "/host/cgroup.");
    else if (!located)
        return located;
    const auto values = m_limit->values(*m_tree, *m_values);
    return values ? Outcome<>() : tl::make_unexpected(values.error());
}

Outcome<> LimitFault::inject(BootClock::time_point until)
{
    const auto processes = findTarget(m_spec.target);
    if (!processes)
        return tl::make_unexpected(processes.error());
    m_first = processes->front();
    const auto values = m_limit->values(*m_tree, *m_values);
    if (!values)
        return tl::make_unexpected(values.error());
    // The one who undoes it is there before there is anything to undo.
    if (!m_deadMan.start(until, [this] { (void)m_values->restore(); }))
        return refused(Refusal::CannotHere,
            "No process can be started that would undo it if the agent were killed.");
    for (const LimitValue &value : *values)
        if (const auto changed = m_values->change(value.file, value.key, value.set); !changed)
            return changed;
    return {};
}

Outcome<> LimitFault::renew(BootClock::time_point until)
{
    m_deadMan.renew(until);
    const auto changed = m_values->changed();
    const bool ours = std::ranges::all_of(changed, [&](const CgroupValue &value) {
        return m_values->now(value.file, value.key) == value.set;
    });
    return ours && !changed.empty()
        ? Outcome<>()
        : refused(Refusal::Foreign, "Somebody else changed the limit of the target.");
}

Proof LimitFault::proveInForce()
{
    if (const auto located = locate(); !located)
        return { false, located.error().text, nlohmann::json::object() };
    const auto changed = m_values->changed();
    if (changed.empty())
        return { false, "Nothing of this fault is on the target's cgroup.",
            nlohmann::json::object() };
    for (const CgroupValue &value : changed)
        if (m_values->now(value.file, value.key) != value.set)
            return { false,
                value.file + " is " + m_values->now(value.file, value.key) + " instead of "
                    + value.set + '.',
                nlohmann::json::object() };
    return m_limit->felt(*m_tree, m_folder);
}

Outcome<> LimitFault::undo()
{
    m_deadMan.dismiss();
    const auto located = locate();
    if (!located)
        return located;
    auto restored = m_values->restore();
    if (!m_values->leftAlone().empty())
        m_leftAlone = m_values->leftAlone();
    return restored;
}

Proof LimitFault::proveOut()
{
    const auto changed = m_values ? m_values->changed() : std::vector<CgroupValue>();
    if (!changed.empty())
        return { false, changed.front().file + " still has a note of this fault.",
            nlohmann::json::object() };
    return { true,
        m_leftAlone.empty()
            ? "The target's cgroup has the values of before."
            : "Somebody else changed " + m_leftAlone + " meanwhile: it was left as it is.",
        nlohmann::json::object() };
}

std::string LimitFault::handUndo() const
{
    return handUndoCommand(m_spec, {}, "--volume /sys/fs/cgroup:/host/cgroup");
}

bool LimitFault::targetGone()
{
    std::error_code error;
    if (!m_folder.empty() && !std::filesystem::exists(m_folder, error))
        return true;
    return m_first && !isAlive(*m_first) && m_values && m_values->changed().empty();
}

} // namespace faultline::agent
