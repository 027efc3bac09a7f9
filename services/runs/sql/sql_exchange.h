// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

namespace faultline::runs {

/// Where a statement goes, and as whom. The password is in memory only.
struct SqlServer
{
    std::string host; ///< an address, not a name: looking a name up would block
    int port = 0;
    std::string database; ///< may be empty
    std::string user;
    std::string password;
};

/// How a statement ended.
struct SqlEnd
{
    bool isOk = false;
    std::string rows; ///< as `mariadb -BN` prints them: columns by tabs, rows by line ends, NULL
    std::string problem; ///< in the server's own words, or the client library's, with their number
    unsigned code = 0; ///< of the problem; 0 = none of the protocol's
};

/// One statement on a connection of its own: connect, log in, ask, read the answer, leave. Nothing
/// of it blocks: the owner waits until descriptor() is ready for wanted() and calls advance(). An
/// instance is used on one thread; different ones on different threads. Protocol: MariaDB's and
/// MySQL's, without TLS, by the non-blocking calls of libmariadb
/// (mariadb.com/docs/connectors/mariadb-connector-c/api-functions, "Non-blocking API").
class SqlExchange
{
public:
    SqlExchange(SqlServer server, std::string statement);
    /// Leaves whatever is under way; does not wait for the server.
    ~SqlExchange();
    SqlExchange(const SqlExchange &) = delete;
    SqlExchange &operator=(const SqlExchange &) = delete;

    /// Begins; may be over at once.
    void start();
    /// The descriptor became ready for `events` (poll's bits).
    void advance(short events);
    /// Ends it with a reason of the caller's own, for example that its time is over.
    void giveUp(std::string why);

    [[nodiscard]] bool isOver() const { return m_step == Step::Over; }
    /// Complete once isOver().
    [[nodiscard]] const SqlEnd &end() const { return m_end; }
    /// What to wait for while it is not over; the descriptor may be another one after each call.
    [[nodiscard]] int descriptor() const;
    [[nodiscard]] short wanted() const;

private:
    enum class Step { Idle, Connecting, Asking, Reading, Over };
    struct Wire;

    void prepare();
    int next();
    int proceed(int ready);
    void settle(int waiting);
    void fail();
    void finish(bool isOk);
    void drop();
    [[nodiscard]] bool takeRow();

    const SqlServer m_server;
    const std::string m_statement;
    std::unique_ptr<Wire> m_wire;
    Step m_step = Step::Idle;
    bool m_hasRow = false;
    int m_waiting = 0; // libmariadb's MYSQL_WAIT_… bits
    SqlEnd m_end;
};

/// The text without control characters, at most `most` bytes: what a server says is not trusted.
[[nodiscard]] std::string plainWords(const std::string &text, std::size_t most = 300);

/// True when the same statement may well be answered a little later: the server can't be reached,
/// starts, is being shut down, or its cluster has no quorum.
[[nodiscard]] bool mayPass(const SqlEnd &end);

} // namespace faultline::runs
