// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/document_store.h"

#include "services/lab/gitlab/pipeline_store.h"

namespace faultline::lab {

namespace {

template <typename T>
T must(Stored<T> stored)
{
    if (!stored)
        throw StoreFailure(stored.error());
    if constexpr (!std::is_void_v<T>)
        return std::move(*stored);
}

std::vector<std::string> migrations()
{
    return { "CREATE TABLE documents (kind TEXT NOT NULL, id INTEGER NOT NULL, content TEXT NOT "
             "NULL, PRIMARY KEY (kind, id));"
             "CREATE TABLE counters (kind TEXT PRIMARY KEY, last INTEGER NOT NULL);" };
}

std::string textOf(const DocumentStore::Json &document)
{
    return document.dump(-1, ' ', false, DocumentStore::Json::error_handler_t::replace);
}

} // namespace

DocumentStore::DocumentStore(const std::filesystem::path &file)
    : m_database(must(Database::open(file, migrations())))
{
}

std::int64_t DocumentStore::add(const std::string &kind, Json &document)
{
    Transaction transaction = must(Transaction::begin(m_database));
    must(must(m_database.prepare("INSERT INTO counters VALUES (?, 1) ON CONFLICT (kind) DO UPDATE "
                                 "SET last = last + 1"))
             .bind(1, kind)
             .run());
    Statement last = must(m_database.prepare("SELECT last FROM counters WHERE kind = ?"));
    last.bind(1, kind);
    must(last.step());
    const std::int64_t id = last.integer(0);
    last.reset();
    document["id"] = id;
    save(kind, document);
    must(transaction.commit());
    return id;
}

void DocumentStore::save(const std::string &kind, const Json &document)
{
    must(must(m_database.prepare("INSERT OR REPLACE INTO documents VALUES (?, ?, ?)"))
             .bind(1, kind)
             .bind(2, document.at("id").get<std::int64_t>())
             .bind(3, textOf(document))
             .run());
}

void DocumentStore::remove(const std::string &kind, std::int64_t id)
{
    must(must(m_database.prepare("DELETE FROM documents WHERE kind = ? AND id = ?"))
             .bind(1, kind)
             .bind(2, id)
             .run());
}

std::optional<DocumentStore::Json> DocumentStore::find(const std::string &kind, std::int64_t id)
{
    for (Json &document : all(kind))
        if (document.at("id").get<std::int64_t>() == id)
            return std::move(document);
    return std::nullopt;
}

std::vector<DocumentStore::Json> DocumentStore::all(const std::string &kind)
{
    Statement select
        = must(m_database.prepare("SELECT id, content FROM documents WHERE kind = ? ORDER BY id"));
    select.bind(1, kind);
    std::vector<Json> out;
    while (must(select.step())) {
        Json document = Json::parse(select.text(1), nullptr, false);
        if (!document.is_object())
            continue;
        document["id"] = select.integer(0);
        out.push_back(std::move(document));
    }
    return out;
}

} // namespace faultline::lab
