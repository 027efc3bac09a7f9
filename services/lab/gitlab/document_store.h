// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/lab/store/database.h"

namespace faultline::lab {

/// The small things of the project, few of each kind, as JSON objects in SQLite: schedules,
/// triggers, runners, webhooks, releases. Ids are numbers from 1 that are never given twice. Lab
/// thread. Every function may throw StoreFailure.
class DocumentStore
{
public:
    using Json = nlohmann::ordered_json;

    explicit DocumentStore(const std::filesystem::path &file);

    /// Sets "id" of the document and keeps it.
    std::int64_t add(const std::string &kind, Json &document);
    /// By its "id".
    void save(const std::string &kind, const Json &document);
    void remove(const std::string &kind, std::int64_t id);
    [[nodiscard]] std::optional<Json> find(const std::string &kind, std::int64_t id);
    /// By id.
    [[nodiscard]] std::vector<Json> all(const std::string &kind);

private:
    Database m_database;
};

} // namespace faultline::lab
