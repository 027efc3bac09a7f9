// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace faultline::store {

template <typename T>
using Stored = tl::expected<T, std::string>; ///< the error is SQLite's message with what was tried

/// A prepared statement. Bind from index 1, then step until it gives false. Cheap to keep and use
/// again.
class Statement
{
public:
    Statement() = default;
    ~Statement();
    Statement(Statement &&other) noexcept;
    Statement &operator=(Statement &&other) noexcept;

    Statement &bind(int index, std::int64_t value);
    Statement &bind(int index, std::string_view value); ///< the text is copied
    Statement &bindBlob(int index, std::string_view bytes);
    Statement &bindNull(int index);

    /// True: a row is there to be read. False: done, and ready to be bound and run again.
    [[nodiscard]] Stored<bool> step();
    /// Steps to the end, for statements without rows.
    [[nodiscard]] Stored<void> run();
    void reset();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string text(int column) const; ///< also for blobs
    [[nodiscard]] bool isNull(int column) const;

private:
    friend class Database;
    explicit Statement(sqlite3_stmt *statement);
    void note(int code);

    sqlite3_stmt *m_statement = nullptr;
    int m_bindError = 0; ///< first failed bind, reported by step()
};

/// One SQLite file in WAL mode with synchronous=NORMAL: what was committed survives the death of
/// this process. Not thread-safe; use one per thread. The file is created with mode 0600.
class Database
{
public:
    Database(Database &&other) noexcept;
    Database &operator=(Database &&other) noexcept;
    ~Database();

    /// Opens or creates `file` and brings it to the newest version: migrations[n] (one or more
    /// statements) leads from user_version n to n + 1, each in its own transaction. A file from a
    /// newer program is an error.
    [[nodiscard]] static Stored<Database> open(
        const std::filesystem::path &file, const std::vector<std::string> &migrations);

    [[nodiscard]] Stored<Statement> prepare(std::string_view sql);
    /// One or more statements without parameters and rows.
    [[nodiscard]] Stored<void> run(const std::string &sql);
    [[nodiscard]] std::int64_t lastInsertId() const;
    [[nodiscard]] std::int64_t changedRows() const;

private:
    explicit Database(sqlite3 *handle);
    [[nodiscard]] Stored<void> migrate(const std::vector<std::string> &migrations);

    sqlite3 *m_handle = nullptr;
};

/// Rolls back when it goes out of scope before commit().
class Transaction
{
public:
    [[nodiscard]] static Stored<Transaction> begin(Database &database);
    Transaction(Transaction &&other) noexcept;
    Transaction &operator=(Transaction &&) = delete;
    ~Transaction();

    [[nodiscard]] Stored<void> commit();

private:
    explicit Transaction(Database &database);
    Database *m_database = nullptr;
};

} // namespace faultline::store
