// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/journal.h"

#include "services/lab/rancher/resource_json.h"

#include <algorithm>
#include <cctype>

namespace faultline::lab {

namespace {

constexpr std::size_t mostEntries = 1000;
constexpr std::size_t longestBody = 64U << 10U;

bool isSecret(std::string key)
{
    for (char &c : key)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return key.find("secret") != std::string::npos || key.find("password") != std::string::npos
        || key.find("token") != std::string::npos || key == "jwt" || key == "code";
}

Json withoutSecrets(const Json &value)
{
    if (value.is_array()) {
        Json list = Json::array();
        for (const Json &item : value)
            list.push_back(withoutSecrets(item));
        return list;
    }
    if (!value.is_object())
        return value;
    Json object = Json::object();
    for (const auto &[key, item] : value.items()) {
        if (!isSecret(key))
            object[key] = withoutSecrets(item);
    }
    return object;
}

/// Rancher has these bodies as texts that hold JSON.
Json textOfBody(const Json &value)
{
    std::string text = dumped(withoutSecrets(value));
    return text.size() > longestBody ? Json() : Json(std::move(text));
}

struct BookFacts
{
    const char *singular;
    const char *plural;
    const char *prefix;
};

BookFacts factsOf(Journal::Book book)
{
    switch (book) {
    case Journal::Book::Processes:
        return { "processInstance", "processInstances", "1pi" };
    case Journal::Book::Audits:
        return { "auditLog", "auditLogs", "1al" };
    case Journal::Book::ServiceLogs:
        break;
    }
    return { "serviceLog", "serviceLogs", "1sl" };
}

Json entryJson(const ApiScope &scope, Journal::Book book, const Journal::Entry &entry)
{
    const BookFacts facts = factsOf(book);
    Json json = resourceFrame(
        scope, facts.singular, facts.plural, facts.prefix + std::to_string(entry.id), {}, {});
    json.update(entry.fields);
    return json;
}

} // namespace

const std::deque<Journal::Entry> &Journal::entries(Book book) const
{
    static const std::deque<Entry> none;
    const auto found = m_books.find(book);
    return found == m_books.end() ? none : found->second;
}

Journal::Entry &Journal::add(Book book, Json fields)
{
    std::deque<Entry> &entries = m_books[book];
    const std::int64_t now = nowMs();
    fields["created"] = isoTime(now);
    fields["createdTS"] = now;
    entries.push_back({ ++m_next[book], std::move(fields), 0 });
    if (entries.size() > mostEntries)
        entries.pop_front();
    return entries.back();
}

void Journal::request(const std::string &type, const std::string &id, const std::string &verb,
    const Json &body, int status, const Json &answer)
{
    const std::string named = type == "project" ? "environment" : type;
    add(Book::Audits,
        { { "eventType", "api." + named + "." + verb }, { "resourceType", named },
            { "resourceId", id.empty() ? Json(answer.value("id", Json())) : Json(id) },
            { "authType", "BasicAuth" }, { "accountId", projectId },
            { "authenticatedAsAccountId", "1a1" }, { "authenticatedAsIdentityId", nullptr },
            { "clientIp", "127.0.0.1" }, { "responseCode", std::to_string(status) },
            { "requestObject", textOfBody(body) }, { "responseObject", textOfBody(answer) } });
}

std::int64_t Journal::begin(
    const std::string &name, const std::string &resourceType, std::int64_t resourceId)
{
    const std::int64_t now = nowMs();
    return add(Book::Processes,
        { { "processName", name }, { "resourceType", resourceType },
            { "resourceId", std::to_string(resourceId) }, { "phase", "HANDLERS" },
            { "exitReason", nullptr }, { "result", nullptr }, { "priority", 0 },
            { "startTime", isoTime(now) }, { "startTimeTS", now }, { "endTime", nullptr },
            { "endTimeTS", nullptr }, { "runAfter", nullptr }, { "executionCount", 1 },
            { "startProcessServerId", "lab" }, { "runningProcessServerId", "lab" } })
        .id;
}

void Journal::end(std::int64_t process, const std::string &error)
{
    std::deque<Entry> &entries = m_books[Book::Processes];
    const auto found = std::find_if(entries.rbegin(), entries.rend(),
        [process](const Entry &entry) { return entry.id == process; });
    if (found == entries.rend())
        return; // so old that it was dropped
    const std::int64_t now = nowMs();
    Json &fields = found->fields;
    fields["phase"] = "DONE";
    fields["exitReason"] = error.empty() ? "DONE" : "UNKNOWN_EXCEPTION";
    fields["result"] = error.empty() ? "SUCCESS" : "ERROR";
    fields["endTime"] = isoTime(now);
    fields["endTimeTS"] = now;
    fields["runningProcessServerId"] = nullptr;
}

void Journal::serviceState(const ServiceRecord &service)
{
    std::string &told = m_told[service.id];
    if (told == service.state)
        return;
    told = service.state;
    const std::string description = service.error.empty() ? "" : service.error;
    Entry &entry = add(Book::ServiceLogs,
        { { "serviceId", publicId(Kind::Service, service.id) }, { "instanceId", nullptr },
            { "accountId", projectId }, { "eventType", "service.trigger." + service.state },
            { "level", service.error.empty() ? "info" : "error" },
            { "description", description.empty() ? Json() : Json(description) },
            { "subLog", false }, { "transactionId", nullptr }, { "endTime", nullptr } });
    entry.owner = service.id;
    if (service.state == "removed")
        m_told.erase(service.id);
}

ApiType journalType(const Journal &journal, Journal::Book book)
{
    ApiType type;
    const BookFacts facts = factsOf(book);
    type.singular = facts.singular;
    type.plural = facts.plural;
    type.filters = { "id", "created", "eventType", "resourceType", "resourceId", "authType",
        "clientIp", "serviceId", "instanceId", "level", "processName", "startTime", "endTime",
        "runAfter", "runningProcessServerId", "phase", "exitReason" };
    type.list = [&journal, book](const ApiScope &scope) {
        std::vector<Json> list;
        for (const Journal::Entry &entry : journal.entries(book))
            list.push_back(entryJson(scope, book, entry));
        return list;
    };
    type.byId = [&journal, book](const ApiScope &scope, std::int64_t id) -> std::optional<Json> {
        for (const Journal::Entry &entry : journal.entries(book)) {
            if (entry.id == id)
                return entryJson(scope, book, entry);
        }
        return std::nullopt;
    };
    return type;
}

} // namespace faultline::lab
