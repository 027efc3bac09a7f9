// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/records.h"
#include "services/lab/store/database.h"

#include <functional>
#include <map>
#include <optional>
#include <set>

namespace faultline::lab {

/// Every stack, service and container: in memory for reading, written through to SQLite on every
/// change. Ids are never used twice. Pointers and references stay valid until forget(). Lab thread.
class ResourceStore
{
public:
    [[nodiscard]] static Stored<std::unique_ptr<ResourceStore>> open(
        const std::filesystem::path &file);

    /// When the file was made, in ms since the epoch: the age of the lab.
    [[nodiscard]] std::int64_t created() const { return m_created; }

    /// Called after every change that was stored.
    std::function<void(Kind kind, std::int64_t id)> onChanged;
    /// Called when a change could not be stored; the one in memory stands.
    std::function<void(const std::string &error)> onFailed;

    /// Gives `record` an id, a uuid and a creation time, and keeps it.
    StackRecord &add(StackRecord record);
    ServiceRecord &add(ServiceRecord record);
    ContainerRecord &add(ContainerRecord record);

    [[nodiscard]] const StackRecord *stack(std::int64_t id) const;
    [[nodiscard]] const ServiceRecord *service(std::int64_t id) const;
    [[nodiscard]] const ContainerRecord *container(std::int64_t id) const;

    /// Applies `edit` and, if that made a difference, stores and tells. Unknown ids are ignored.
    void changeStack(std::int64_t id, const std::function<void(StackRecord &)> &edit);
    void changeService(std::int64_t id, const std::function<void(ServiceRecord &)> &edit);
    void changeContainer(std::int64_t id, const std::function<void(ContainerRecord &)> &edit);

    /// The engines that the lab was last given, by number.
    [[nodiscard]] const std::map<std::int64_t, HostRecord> &hosts() const { return m_hosts; }
    /// Applies `edit` to the host, which is made when it is not there, and stores it.
    void changeHost(std::int64_t id, const std::function<void(HostRecord &)> &edit);
    void dropHost(std::int64_t id);

    /// In order of ids, also removed ones.
    [[nodiscard]] const std::map<std::int64_t, StackRecord> &stacks() const
    {
        return m_stacks.records;
    }
    [[nodiscard]] const std::map<std::int64_t, ServiceRecord> &services() const
    {
        return m_services.records;
    }
    [[nodiscard]] const std::map<std::int64_t, ContainerRecord> &containers() const
    {
        return m_containers.records;
    }
    /// In order of ids, without removed ones.
    [[nodiscard]] std::vector<std::int64_t> servicesOfStack(std::int64_t stackId) const;
    [[nodiscard]] std::vector<std::int64_t> containersOfService(std::int64_t serviceId) const;
    [[nodiscard]] const ContainerRecord *containerByUuid(const std::string &uuid) const;

    /// Drops what was removed before `time` (ms since the epoch).
    void forgetRemovedBefore(std::int64_t time);

private:
    template <typename Record>
    struct Table
    {
        Kind kind{};
        std::map<std::int64_t, Record> records;
        Statement insert;
        Statement update;
        Statement erase;
    };

    explicit ResourceStore(Database database);
    [[nodiscard]] Stored<void> loadHosts();
    template <typename Record>
    [[nodiscard]] Stored<void> load(Table<Record> &table, Kind kind, const std::string &name);
    template <typename Record>
    Record &addTo(Table<Record> &table, Record record);
    template <typename Record>
    void changeIn(Table<Record> &table, std::int64_t id, const std::function<void(Record &)> &edit);
    template <typename Record>
    void forgetIn(Table<Record> &table, std::int64_t time);
    void note(const Stored<void> &outcome) const;

    Database m_database;
    std::int64_t m_created = 0;
    std::map<std::int64_t, HostRecord> m_hosts;
    Statement m_keepHost;
    Statement m_dropHost;
    Table<StackRecord> m_stacks;
    Table<ServiceRecord> m_services;
    Table<ContainerRecord> m_containers;
    std::map<std::int64_t, std::set<std::int64_t>> m_servicesOfStack;
    std::map<std::int64_t, std::set<std::int64_t>> m_containersOfService;
    std::map<std::string, std::int64_t> m_containersByUuid;
};

} // namespace faultline::lab
