// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/resource_store.h"

#include "services/lab/store/random_text.h"

#include <utility>

namespace faultline::lab {

namespace {

const std::vector<std::string> migrations{
    "CREATE TABLE stack (id INTEGER PRIMARY KEY AUTOINCREMENT, data TEXT NOT NULL);"
    "CREATE TABLE service (id INTEGER PRIMARY KEY AUTOINCREMENT, data TEXT NOT NULL);"
    "CREATE TABLE container (id INTEGER PRIMARY KEY AUTOINCREMENT, data TEXT NOT NULL);",
    "CREATE TABLE lab (created INTEGER NOT NULL);"
    "INSERT INTO lab VALUES (CAST(strftime('%s', 'now') AS INTEGER) * 1000);",
    "CREATE TABLE host (id INTEGER PRIMARY KEY, data TEXT NOT NULL);",
};

} // namespace

ResourceStore::ResourceStore(Database database)
    : m_database(std::move(database))
{
}

Stored<std::unique_ptr<ResourceStore>> ResourceStore::open(const std::filesystem::path &file)
{
    auto database = Database::open(file, migrations);
    if (!database)
        return tl::make_unexpected(database.error());
    std::unique_ptr<ResourceStore> store(new ResourceStore(std::move(*database)));
    const auto loaded
        = store->load(store->m_stacks, Kind::Stack, "stack")
              .and_then([&] { return store->load(store->m_services, Kind::Service, "service"); })
              .and_then(
                  [&] { return store->load(store->m_containers, Kind::Container, "container"); })
              .and_then([&] { return store->loadHosts(); });
    if (!loaded)
        return tl::make_unexpected(loaded.error());
    auto created = store->m_database.prepare("SELECT created FROM lab");
    if (created && created->step().value_or(false))
        store->m_created = created->integer(0);
    for (const auto &[id, service] : store->m_services.records)
        store->m_servicesOfStack[service.stackId].insert(id);
    for (const auto &[id, container] : store->m_containers.records) {
        store->m_containersOfService[container.serviceId].insert(id);
        store->m_containersByUuid[container.uuid] = id;
    }
    return store;
}

template <typename Record>
Stored<void> ResourceStore::load(Table<Record> &table, Kind kind, const std::string &name)
{
    table.kind = kind;
    auto insert = m_database.prepare("INSERT INTO " + name + " (data) VALUES (?)");
    auto update = m_database.prepare("UPDATE " + name + " SET data = ? WHERE id = ?");
    auto erase = m_database.prepare("DELETE FROM " + name + " WHERE id = ?");
    auto select = m_database.prepare("SELECT id, data FROM " + name);
    for (const auto *statement : { &insert, &update, &erase, &select }) {
        if (!*statement)
            return tl::make_unexpected(statement->error());
    }
    table.insert = std::move(*insert);
    table.update = std::move(*update);
    table.erase = std::move(*erase);
    for (;;) {
        const auto row = select->step();
        if (!row)
            return tl::make_unexpected(row.error());
        if (!*row)
            return {};
        Record record;
        record.id = select->integer(0);
        fromJson(Json::parse(select->text(1), nullptr, false), record);
        table.records.emplace(record.id, std::move(record));
    }
}

Stored<void> ResourceStore::loadHosts()
{
    auto keep = m_database.prepare("INSERT OR REPLACE INTO host (id, data) VALUES (?, ?)");
    auto drop = m_database.prepare("DELETE FROM host WHERE id = ?");
    auto select = m_database.prepare("SELECT id, data FROM host");
    for (const auto *statement : { &keep, &drop, &select }) {
        if (!*statement)
            return tl::make_unexpected(statement->error());
    }
    m_keepHost = std::move(*keep);
    m_dropHost = std::move(*drop);
    for (;;) {
        const auto row = select->step();
        if (!row)
            return tl::make_unexpected(row.error());
        if (!*row)
            return {};
        HostRecord &record = m_hosts[select->integer(0)];
        record.id = select->integer(0);
        fromJson(Json::parse(select->text(1), nullptr, false), record);
    }
}

void ResourceStore::changeHost(std::int64_t id, const std::function<void(HostRecord &)> &edit)
{
    HostRecord changed = m_hosts[id];
    changed.id = id;
    edit(changed);
    if (changed == m_hosts[id])
        return;
    m_hosts[id] = std::move(changed);
    note(m_keepHost.bind(1, id).bind(2, dumped(toJson(m_hosts[id]))).run());
}

void ResourceStore::dropHost(std::int64_t id)
{
    m_hosts.erase(id);
    note(m_dropHost.bind(1, id).run());
}

void ResourceStore::note(const Stored<void> &outcome) const
{
    if (!outcome && onFailed)
        onFailed(outcome.error());
}

template <typename Record>
Record &ResourceStore::addTo(Table<Record> &table, Record record)
{
    record.uuid = randomUuid();
    record.created = nowMs();
    const auto stored = table.insert.bind(1, dumped(toJson(record))).run();
    note(stored);
    // A full disk must not make two records share an id.
    record.id = stored || table.records.empty() ? m_database.lastInsertId()
                                                : table.records.rbegin()->first + 1;
    const std::int64_t id = record.id;
    Record &kept = table.records.insert_or_assign(id, std::move(record)).first->second;
    return kept;
}

StackRecord &ResourceStore::add(StackRecord record)
{
    StackRecord &kept = addTo(m_stacks, std::move(record));
    if (onChanged)
        onChanged(Kind::Stack, kept.id);
    return kept;
}

ServiceRecord &ResourceStore::add(ServiceRecord record)
{
    ServiceRecord &kept = addTo(m_services, std::move(record));
    m_servicesOfStack[kept.stackId].insert(kept.id);
    if (onChanged)
        onChanged(Kind::Service, kept.id);
    return kept;
}

ContainerRecord &ResourceStore::add(ContainerRecord record)
{
    ContainerRecord &kept = addTo(m_containers, std::move(record));
    m_containersOfService[kept.serviceId].insert(kept.id);
    m_containersByUuid[kept.uuid] = kept.id;
    if (onChanged)
        onChanged(Kind::Container, kept.id);
    return kept;
}

const StackRecord *ResourceStore::stack(std::int64_t id) const
{
    const auto found = m_stacks.records.find(id);
    return found == m_stacks.records.end() ? nullptr : &found->second;
}

const ServiceRecord *ResourceStore::service(std::int64_t id) const
{
    const auto found = m_services.records.find(id);
    return found == m_services.records.end() ? nullptr : &found->second;
}

const ContainerRecord *ResourceStore::container(std::int64_t id) const
{
    const auto found = m_containers.records.find(id);
    return found == m_containers.records.end() ? nullptr : &found->second;
}

template <typename Record>
void ResourceStore::changeIn(
    Table<Record> &table, std::int64_t id, const std::function<void(Record &)> &edit)
{
    const auto found = table.records.find(id);
    if (found == table.records.end())
        return;
    const Record before = found->second;
    edit(found->second);
    if (found->second == before)
        return;
    note(table.update.bind(1, dumped(toJson(found->second))).bind(2, id).run());
    if (onChanged)
        onChanged(table.kind, id);
}

void ResourceStore::changeStack(std::int64_t id, const std::function<void(StackRecord &)> &edit)
{
    changeIn(m_stacks, id, edit);
}

void ResourceStore::changeService(std::int64_t id, const std::function<void(ServiceRecord &)> &edit)
{
    changeIn(m_services, id, edit);
}

void ResourceStore::changeContainer(
    std::int64_t id, const std::function<void(ContainerRecord &)> &edit)
{
    changeIn(m_containers, id, edit);
}

std::vector<std::int64_t> ResourceStore::servicesOfStack(std::int64_t stackId) const
{
    std::vector<std::int64_t> ids;
    if (const auto found = m_servicesOfStack.find(stackId); found != m_servicesOfStack.end()) {
        for (const std::int64_t id : found->second) {
            if (service(id)->removed == 0)
                ids.push_back(id);
        }
    }
    return ids;
}

std::vector<std::int64_t> ResourceStore::containersOfService(std::int64_t serviceId) const
{
    std::vector<std::int64_t> ids;
    if (const auto found = m_containersOfService.find(serviceId);
        found != m_containersOfService.end()) {
        for (const std::int64_t id : found->second) {
            if (container(id)->removed == 0)
                ids.push_back(id);
        }
    }
    return ids;
}

const ContainerRecord *ResourceStore::containerByUuid(const std::string &uuid) const
{
    const auto found = m_containersByUuid.find(uuid);
    return found == m_containersByUuid.end() ? nullptr : container(found->second);
}

template <typename Record>
void ResourceStore::forgetIn(Table<Record> &table, std::int64_t time)
{
    for (auto it = table.records.begin(); it != table.records.end();) {
        const bool old = it->second.removed != 0 && it->second.removed < time;
        if (old)
            note(table.erase.bind(1, it->first).run());
        it = old ? table.records.erase(it) : std::next(it);
    }
}

void ResourceStore::forgetRemovedBefore(std::int64_t time)
{
    for (const auto &[id, record] : m_containers.records) {
        if (record.removed != 0 && record.removed < time) {
            m_containersOfService[record.serviceId].erase(id);
            m_containersByUuid.erase(record.uuid);
        }
    }
    for (const auto &[id, record] : m_services.records) {
        if (record.removed != 0 && record.removed < time) {
            m_servicesOfStack[record.stackId].erase(id);
            m_containersOfService.erase(id);
        }
    }
    forgetIn(m_containers, time);
    forgetIn(m_services, time);
    forgetIn(m_stacks, time);
    std::erase_if(m_servicesOfStack, [](const auto &entry) { return entry.second.empty(); });
}

} // namespace faultline::lab
