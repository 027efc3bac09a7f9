// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/hosts.h"

#include "services/lab/rancher/resource_json.h"

#include <algorithm>

namespace faultline::lab {

namespace {

/// Docker 20.10 takes its id from a file in /etc, which all engines of a machine share; where they
/// keep their data they don't.
bool isSameEngine(const Json &one, const Json &other)
{
    return textOf(one, "ID") == textOf(other, "ID")
        && textOf(one, "DockerRootDir") == textOf(other, "DockerRootDir");
}

} // namespace

const char *HostFacts::state(std::int64_t now) const
{
    if (connected)
        return "active";
    return now - lostAt < givenUpAfterMs ? "reconnecting" : "disconnected";
}

std::map<std::int64_t, std::string> hostNumbers(
    const std::map<std::int64_t, HostRecord> &known, const std::vector<std::string> &addresses)
{
    std::map<std::int64_t, std::string> numbers;
    std::vector<std::string> fresh;
    for (const std::string &address : addresses) {
        const auto before = std::find_if(known.begin(), known.end(),
            [&address](const auto &entry) { return entry.second.address == address; });
        if (before == known.end())
            fresh.push_back(address);
        else
            numbers[before->first] = address;
    }
    std::vector<std::int64_t> left;
    for (const auto &[id, record] : known) {
        if (numbers.count(id) == 0)
            left.push_back(id);
    }
    auto reused = left.begin();
    std::int64_t next = known.empty() ? 1 : known.rbegin()->first + 1;
    for (const std::string &address : fresh)
        numbers[reused == left.end() ? next++ : *reused++] = address;
    return numbers;
}

Hosts::Hosts(ResourceStore &store)
    : m_store(store)
{
}

void Hosts::open(const std::vector<std::string> &addresses, std::int64_t givenUpAfterMs)
{
    const auto numbers = hostNumbers(m_store.hosts(), addresses);
    std::vector<std::int64_t> gone;
    for (const auto &[id, record] : m_store.hosts()) {
        if (numbers.count(id) == 0)
            gone.push_back(id);
    }
    for (const std::int64_t id : gone)
        forget(id);
    for (const auto &[id, address] : numbers) {
        m_store.changeHost(
            id, [&address = address](HostRecord &record) { record.address = address; });
        LabHost &host = *m_hosts.emplace_back(std::make_unique<LabHost>(id, address));
        host.facts.reason = "The Docker Engine was not asked yet.";
        host.facts.since = m_store.created();
        host.facts.givenUpAfterMs = givenUpAfterMs;
    }
}

void Hosts::forget(std::int64_t id)
{
    for (const auto &[number, container] : m_store.containers()) {
        if (container.hostId != id || container.removed != 0)
            continue;
        m_store.changeContainer(number, [](ContainerRecord &record) {
            record.state = "removed";
            record.wanted = Wanted::Removed;
            record.removed = nowMs();
        });
    }
    m_store.dropHost(id);
}

LabHost *Hosts::find(std::int64_t id) const
{
    const auto found = std::find_if(
        m_hosts.begin(), m_hosts.end(), [id](const auto &host) { return host->id == id; });
    return found == m_hosts.end() ? nullptr : found->get();
}

bool Hosts::isUp(std::int64_t id) const
{
    const LabHost *host = find(id);
    return host != nullptr && host->facts.connected;
}

bool Hosts::isAnyUp() const
{
    return std::any_of(
        m_hosts.begin(), m_hosts.end(), [](const auto &host) { return host->facts.connected; });
}

HostLabels Hosts::labelsOf(const LabHost &host) const
{
    const auto record = m_store.hosts().find(host.id);
    HostLabels labels = record == m_store.hosts().end() ? HostLabels() : record->second.labels;
    const std::string kernel = textOf(host.facts.info, "KernelVersion");
    labels["io.rancher.host.docker_version"] = textOf(host.facts.info, "ServerVersion");
    labels["io.rancher.host.linux_kernel_version"] = kernel.substr(0, kernel.find('-'));
    labels["io.rancher.host.os"] = "linux";
    return labels;
}

std::vector<HostPlace> Hosts::places() const
{
    std::vector<HostPlace> places;
    const std::int64_t now = nowMs();
    for (const auto &host : m_hosts) {
        const HostFacts &facts = host->facts;
        places.push_back({ host->id, labelsOf(*host), facts.connected,
            !facts.connected && facts.lostAt != 0 && now - facts.lostAt >= facts.givenUpAfterMs });
    }
    return places;
}

bool Hosts::cameUp(LabHost &host, const Json &info) const
{
    const auto twin = std::find_if(m_hosts.begin(), m_hosts.end(), [&](const auto &other) {
        return other->id != host.id && other->facts.connected
            && isSameEngine(other->facts.info, info);
    });
    if (twin != m_hosts.end())
        return false;
    host.facts.info = info;
    host.facts.reason.clear();
    host.facts.connected = true;
    return true;
}

bool Hosts::wentDown(LabHost &host, const std::string &reason) const
{
    HostFacts &facts = host.facts;
    const bool news = facts.connected || facts.reason != reason;
    if (facts.connected || facts.lostAt == 0)
        facts.lostAt = nowMs();
    facts.connected = false;
    facts.reason = reason;
    return news;
}

} // namespace faultline::lab
