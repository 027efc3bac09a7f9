// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/cgroup/load_fault.h"

#include "services/agent/process/hand_undo.h"

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstring>
#include <fstream>
#include <poll.h>
#include <unistd.h>

namespace faultline::agent {
namespace {

namespace fs = std::filesystem;

void pauseShortly()
{
    ::poll(nullptr, 0, 10);
}

} // namespace

LoadFault::LoadFault(
    const Spec &spec, std::vector<std::string> controllers, std::string mechanism, MakeLoad make)
    : m_spec(spec)
    , m_controllers(std::move(controllers))
    , m_mechanism(std::move(mechanism))
    , m_make(make)
{
}

Outcome<> LoadFault::locate()
{
    if (!m_folders.empty())
        return {};
    m_tree = CgroupTree::ofHelper();
    const auto first
        = m_tree ? m_tree->folder(m_controllers.front(), m_spec.target.container) : std::nullopt;
    if (!first)
        return refused(Refusal::CannotHere,
            "The helper sees no cgroup of the target (" + m_controllers.front()
                + "). Bind the host's /sys/fs/cgroup to /host/cgroup.");
    for (const std::string &controller : m_controllers) {
        const auto folder = m_tree->folder(controller, m_spec.target.container);
        const fs::path nested
            = folder ? *folder / ("faultline-" + m_spec.id + "-load") : fs::path();
        if (folder && std::ranges::find(m_folders, nested) == m_folders.end())
            m_folders.push_back(nested);
    }
    return {};
}

Outcome<> LoadFault::check()
{
    const auto processes = findTarget(m_spec.target);
    if (!processes)
        return tl::make_unexpected(processes.error());
    return locate();
}

bool LoadFault::startWorker(Child &child)
{
    return child.start(
        [this] {
            for (const fs::path &folder : m_folders) {
                std::ofstream procs(folder / "cgroup.procs");
                procs << "0\n";
                procs.close();
                // Load on anybody else's account would be another fault than the one asked for.
                if (!procs)
                    return;
            }
            m_load->work(m_work);
        },
        SIGKILL, m_load->descriptor());
}

Outcome<> LoadFault::inject(BootClock::time_point until)
{
    const auto processes = findTarget(m_spec.target);
    if (!processes)
        return tl::make_unexpected(processes.error());
    m_first = processes->front();
    auto load = m_make(m_spec);
    if (!load)
        return tl::make_unexpected(load.error());
    m_load = std::move(*load);
    for (const fs::path &folder : m_folders) {
        std::error_code error;
        fs::create_directory(folder, error);
        if (error)
            return refused(Refusal::CannotHere,
                "No cgroup can be nested in the target's: " + error.message() + '.');
    }
    if (!m_work.isUsable())
        return refused(Refusal::CannotHere, "There is no memory to share with the workers.");
    m_work.setEnd(until);
    m_workers.resize(static_cast<std::size_t>(m_load->workers()));
    for (Child &worker : m_workers)
        if (!startWorker(worker))
            return refused(Refusal::CannotHere,
                std::string("No worker can be started: ") + std::strerror(errno) + '.');
    return {};
}

Outcome<> LoadFault::renew(BootClock::time_point until)
{
    m_work.setEnd(until);
    return {};
}

std::optional<BootClock::duration> LoadFault::tickEvery() const
{
    return std::chrono::milliseconds(100);
}

Outcome<> LoadFault::tick()
{
    // The engine can't remove the target's cgroup while a worker is in it.
    if (targetGone()) {
        m_workers.clear();
        return refused(Refusal::Moot, "The target's first process ended.");
    }
    for (Child &worker : m_workers) {
        if (worker.isAlive())
            continue;
        ++m_restarts;
        (void)startWorker(worker);
    }
    return {};
}

double LoadFault::amount() const
{
    if (!m_load->isAmount())
        return static_cast<double>(m_work.done());
    double value = 0;
    for (const char *const file : { "memory.current", "memory.usage_in_bytes" })
        std::ifstream(m_folders.front() / file) >> value;
    if (value > 0)
        return value;
    // A nested cgroup of version 2 has no account of its own unless its parent says so, which is
    // not ours to change.
    for (const Child &worker : m_workers) {
        double all = 0;
        double resident = 0;
        std::ifstream("/proc/" + std::to_string(worker.number()) + "/statm") >> all >> resident;
        value += resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
    }
    return value;
}

std::vector<pid_t> LoadFault::members() const
{
    std::vector<pid_t> found;
    for (const fs::path &folder : m_folders) {
        std::ifstream file(folder / "cgroup.procs");
        for (pid_t number = 0; file >> number;)
            if (number > 0)
                found.push_back(number);
    }
    return found;
}

Proof LoadFault::proveInForce()
{
    const auto none = nlohmann::json::object();
    if (const auto located = locate(); !located)
        return { false, located.error().text, none };
    if (members().empty())
        return { false, "No worker of this fault is in the target's cgroup.", none };
    if (!m_load)
        return { true, std::to_string(members().size()) + " workers are in the target's cgroup.",
            none };
    constexpr int watched = 200;
    const double before = m_load->isAmount() ? 0 : amount();
    const auto begin = BootClock::now();
    ::poll(nullptr, 0, watched);
    const double done = amount() - before;
    const double seconds = inSeconds(BootClock::now() - begin);
    const bool felt = done >= m_load->least();
    const std::string name = m_load->unit() + (m_load->isAmount() ? "" : "PerSecond");
    const double value = m_load->isAmount() ? done : done / seconds;
    return { felt,
        felt ? "The workers make " + std::to_string(std::llround(value)) + ' ' + name
                + " on the target's account."
             : "The workers don't get anything done yet.",
        { { name, value }, { "workers", m_workers.size() }, { "restarts", m_restarts } } };
}

Outcome<> LoadFault::undo()
{
    m_workers.clear();
    if (const auto located = locate(); !located)
        // Nothing can be nested in a cgroup that isn't there any more.
        return m_tree ? Outcome<>() : located;
    std::string problem;
    for (int attempt = 0; attempt < 100; ++attempt) {
        problem.clear();
        // Those of an agent that was killed: they are in a cgroup of ours, so they are ours.
        for (const pid_t number : members())
            ::kill(number, SIGKILL);
        for (const fs::path &folder : m_folders) {
            std::error_code error;
            fs::remove(folder, error);
            if (fs::exists(folder, error))
                problem = folder.string();
        }
        if (problem.empty())
            return {};
        pauseShortly();
    }
    return refused(Refusal::Leaked, "The cgroup " + problem + " can't be removed.");
}

Proof LoadFault::proveOut()
{
    for (const fs::path &folder : m_folders)
        if (std::error_code error; fs::exists(folder, error))
            return { false, "The cgroup " + folder.string() + " is still there.",
                nlohmann::json::object() };
    return { true, "No worker and no cgroup of this fault is left.", nlohmann::json::object() };
}

std::string LoadFault::handUndo() const
{
    return handUndoCommand(m_spec, "KILL", "--volume /sys/fs/cgroup:/host/cgroup");
}

bool LoadFault::targetGone()
{
    return m_first && !isAlive(*m_first);
}

} // namespace faultline::agent
