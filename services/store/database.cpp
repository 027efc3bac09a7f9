// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/store/database.h"

#include <sqlite3.h>

#include <sys/stat.h>

#include <utility>

namespace faultline::store {

namespace {

constexpr int busyTimeoutMs = 5000;

tl::unexpected<std::string> failed(sqlite3 *handle, std::string_view doing)
{
    return tl::make_unexpected(std::string(doing) + ": " + sqlite3_errmsg(handle));
}

} // namespace

Statement::Statement(sqlite3_stmt *statement)
    : m_statement(statement)
{
}

Statement::~Statement()
{
    sqlite3_finalize(m_statement);
}

Statement::Statement(Statement &&other) noexcept
    : m_statement(std::exchange(other.m_statement, nullptr))
    , m_bindError(other.m_bindError)
{
}

Statement &Statement::operator=(Statement &&other) noexcept
{
    if (this != &other) {
        sqlite3_finalize(m_statement);
        m_statement = std::exchange(other.m_statement, nullptr);
        m_bindError = other.m_bindError;
    }
    return *this;
}

void Statement::note(int code)
{
    if (m_bindError == SQLITE_OK)
        m_bindError = code;
}

Statement &Statement::bind(int index, std::int64_t value)
{
    note(sqlite3_bind_int64(m_statement, index, value));
    return *this;
}

Statement &Statement::bind(int index, std::string_view value)
{
    note(sqlite3_bind_text(
        m_statement, index, value.data(), static_cast<int>(value.size()), SQLITE_TRANSIENT));
    return *this;
}

Statement &Statement::bindBlob(int index, std::string_view bytes)
{
    note(sqlite3_bind_blob64(m_statement, index, bytes.data(), bytes.size(), SQLITE_TRANSIENT));
    return *this;
}

Statement &Statement::bindNull(int index)
{
    note(sqlite3_bind_null(m_statement, index));
    return *this;
}

Stored<bool> Statement::step()
{
    if (m_bindError != SQLITE_OK) {
        const int code = std::exchange(m_bindError, SQLITE_OK);
        return tl::make_unexpected(std::string("Binding a value: ") + sqlite3_errstr(code));
    }
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW)
        return true;
    auto error = failed(sqlite3_db_handle(m_statement), sqlite3_sql(m_statement));
    sqlite3_reset(m_statement);
    if (code != SQLITE_DONE)
        return error;
    return false;
}

Stored<void> Statement::run()
{
    for (;;) {
        const auto row = step();
        if (!row)
            return tl::make_unexpected(row.error());
        if (!*row)
            return {};
    }
}

void Statement::reset()
{
    sqlite3_reset(m_statement);
}

std::int64_t Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement, column);
}

std::string Statement::text(int column) const
{
    const auto *bytes = static_cast<const char *>(sqlite3_column_blob(m_statement, column));
    const int size = sqlite3_column_bytes(m_statement, column);
    return bytes == nullptr ? std::string() : std::string(bytes, static_cast<std::size_t>(size));
}

bool Statement::isNull(int column) const
{
    return sqlite3_column_type(m_statement, column) == SQLITE_NULL;
}

Database::Database(sqlite3 *handle)
    : m_handle(handle)
{
}

Database::Database(Database &&other) noexcept
    : m_handle(std::exchange(other.m_handle, nullptr))
{
}

Database &Database::operator=(Database &&other) noexcept
{
    if (this != &other) {
        sqlite3_close_v2(m_handle);
        m_handle = std::exchange(other.m_handle, nullptr);
    }
    return *this;
}

Database::~Database()
{
    sqlite3_close_v2(m_handle);
}

Stored<Database> Database::open(
    const std::filesystem::path &file, const std::vector<std::string> &migrations)
{
    sqlite3 *handle = nullptr;
    const mode_t before = umask(077);
    const int code = sqlite3_open_v2(file.c_str(), &handle,
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, nullptr);
    umask(before);
    Database database(handle);
    if (code != SQLITE_OK)
        return failed(handle, "Opening " + file.string());
    sqlite3_busy_timeout(handle, busyTimeoutMs);
    const auto ready
        = database
              .run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;")
              .and_then([&] { return database.migrate(migrations); });
    if (!ready)
        return tl::make_unexpected(file.string() + ": " + ready.error());
    return database;
}

Stored<void> Database::migrate(const std::vector<std::string> &migrations)
{
    auto version = prepare("PRAGMA user_version");
    if (!version)
        return tl::make_unexpected(version.error());
    if (const auto row = version->step(); !row)
        return tl::make_unexpected(row.error());
    const std::int64_t present = version->integer(0);
    version->reset();
    if (present > static_cast<std::int64_t>(migrations.size()))
        return tl::make_unexpected(
            std::string("it was written by a newer version of this program"));
    for (auto next = static_cast<std::size_t>(present); next < migrations.size(); ++next) {
        auto transaction = Transaction::begin(*this);
        if (!transaction)
            return tl::make_unexpected(transaction.error());
        const auto done
            = run(migrations[next])
                  .and_then([&] { return run("PRAGMA user_version=" + std::to_string(next + 1)); })
                  .and_then([&] { return transaction->commit(); });
        if (!done)
            return done;
    }
    return {};
}

Stored<Statement> Database::prepare(std::string_view sql)
{
    sqlite3_stmt *statement = nullptr;
    if (sqlite3_prepare_v3(m_handle, sql.data(), static_cast<int>(sql.size()),
            SQLITE_PREPARE_PERSISTENT, &statement, nullptr)
        != SQLITE_OK)
        return failed(m_handle, sql);
    return Statement(statement);
}

Stored<void> Database::run(const std::string &sql)
{
    if (sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
        return failed(m_handle, sql);
    return {};
}

std::int64_t Database::lastInsertId() const
{
    return sqlite3_last_insert_rowid(m_handle);
}

std::int64_t Database::changedRows() const
{
    return sqlite3_changes64(m_handle);
}

Transaction::Transaction(Database &database)
    : m_database(&database)
{
}

Transaction::Transaction(Transaction &&other) noexcept
    : m_database(std::exchange(other.m_database, nullptr))
{
}

Stored<Transaction> Transaction::begin(Database &database)
{
    if (auto begun = database.run("BEGIN IMMEDIATE"); !begun)
        return tl::make_unexpected(begun.error());
    return Transaction(database);
}

Transaction::~Transaction()
{
    if (m_database != nullptr)
        (void)m_database->run(
            "ROLLBACK"); // nothing was promised; a failed rollback ends with the connection
}

Stored<void> Transaction::commit()
{
    auto done = m_database->run("COMMIT");
    if (done)
        m_database = nullptr;
    return done;
}

} // namespace faultline::store
