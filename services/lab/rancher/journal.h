// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/lab/rancher/api_types.h"
#include "services/lab/rancher/records.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>

namespace faultline::lab {

/// What happened, newest last: requests that changed something, work on resources, and each
/// service's own story. The newest thousand of each are kept, in memory only. Lab thread.
class Journal
{
public:
    /// A request that was no GET. `body` and `answer` are JSON; secrets in them are left out.
    void request(const std::string &type, const std::string &id, const std::string &verb,
        const Json &body, int status, const Json &answer);

    /// Work begins and ends; `name` as "instance.start".
    [[nodiscard]] std::int64_t begin(
        const std::string &name, const std::string &resourceType, std::int64_t resourceId);
    void end(std::int64_t process, const std::string &error);

    /// Tells a service's story when its state differs from the last one told.
    void serviceState(const ServiceRecord &service);

    enum class Book { Processes, Audits, ServiceLogs };
    struct Entry
    {
        std::int64_t id = 0;
        Json fields;
        std::int64_t owner = 0; ///< the service of a service log
    };
    [[nodiscard]] const std::deque<Entry> &entries(Book book) const;

private:
    Entry &add(Book book, Json fields);

    std::map<Book, std::deque<Entry>> m_books;
    std::map<Book, std::int64_t> m_next;
    std::map<std::int64_t, std::string> m_told; ///< service -> state
};

/// "processInstance", "auditLog" and "serviceLog" of the API.
[[nodiscard]] ApiType journalType(const Journal &journal, Journal::Book book);

} // namespace faultline::lab
