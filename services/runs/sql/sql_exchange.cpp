// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/sql/sql_exchange.h"

#include <mysql.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <utility>

#include <poll.h>
#include <sys/socket.h>

namespace faultline::runs {

namespace {

constexpr std::size_t largestAnswer = 64 << 10;
constexpr std::size_t largestPacket = 1 << 20;
constexpr std::size_t stackBytes = 256
    << 10; // of the library's own context; its default is tight for TLS plugins
constexpr int mostSteps = 64; // to end what is under way once its socket is shut

/// The library's own initialisation is not thread-safe.
void initialiseLibrary()
{
    static std::once_flag once;
    std::call_once(once, [] { mysql_server_init(0, nullptr, nullptr); });
}

int readyBits(short events)
{
    int out = 0;
    if ((events & (POLLIN | POLLHUP | POLLERR)) != 0)
        out |= MYSQL_WAIT_READ;
    if ((events & (POLLOUT | POLLERR)) != 0)
        out |= MYSQL_WAIT_WRITE;
    if ((events & POLLPRI) != 0)
        out |= MYSQL_WAIT_EXCEPT;
    return out;
}

} // namespace

struct SqlExchange::Wire
{
    MYSQL *handle = nullptr;
    MYSQL *connected = nullptr;
    MYSQL_RES *result = nullptr;
    MYSQL_ROW row = nullptr;
    int failed = 0;
};

SqlExchange::SqlExchange(SqlServer server, std::string statement)
    : m_server(std::move(server))
    , m_statement(std::move(statement))
    , m_wire(std::make_unique<Wire>())
{
}

SqlExchange::~SqlExchange()
{
    drop();
}

void SqlExchange::prepare()
{
    initialiseLibrary();
    m_wire->handle = mysql_init(nullptr);
    MYSQL *const handle = m_wire->handle;
    if (handle == nullptr)
        return;
    const unsigned off = 0;
    const unsigned tcp = MYSQL_PROTOCOL_TCP;
    const std::size_t packet = largestPacket;
    mysql_options(handle, MYSQL_OPT_NONBLOCK, &stackBytes);
    mysql_options(handle, MYSQL_OPT_PROTOCOL, &tcp);
    // A server may ask for any file of ours, and for the password in the clear; it gets neither.
    mysql_options(handle, MYSQL_OPT_LOCAL_INFILE, &off);
    mysql_options(handle, MARIADB_OPT_RESTRICTED_AUTH,
        "mysql_native_password,caching_sha2_password,client_ed25519");
    mysql_options(handle, MYSQL_OPT_MAX_ALLOWED_PACKET, &packet);
    mysql_options(handle, MYSQL_SET_CHARSET_NAME, "utf8mb4");
}

void SqlExchange::start()
{
    prepare();
    if (m_wire->handle == nullptr)
        return giveUp("out of memory");
    m_step = Step::Connecting;
    settle(mysql_real_connect_start(&m_wire->connected, m_wire->handle, m_server.host.c_str(),
        m_server.user.c_str(), m_server.password.c_str(),
        m_server.database.empty() ? nullptr : m_server.database.c_str(),
        static_cast<unsigned>(m_server.port), nullptr, 0));
}

void SqlExchange::advance(short events)
{
    const int ready = readyBits(events);
    if (!isOver() && m_step != Step::Idle && ready != 0)
        settle(proceed(ready));
}

int SqlExchange::proceed(int ready)
{
    switch (m_step) {
    case Step::Connecting:
        return mysql_real_connect_cont(&m_wire->connected, m_wire->handle, ready);
    case Step::Asking:
        return mysql_real_query_cont(&m_wire->failed, m_wire->handle, ready);
    case Step::Reading:
        return mysql_fetch_row_cont(&m_wire->row, m_wire->result, ready);
    case Step::Idle:
    case Step::Over:
        break;
    }
    return 0;
}

void SqlExchange::settle(int waiting)
{
    while (waiting == 0 && !isOver())
        waiting = next();
    m_waiting = waiting;
}

/// A step is complete: begins the next one, and gives what that waits for.
int SqlExchange::next()
{
    MYSQL *const handle = m_wire->handle;
    if (m_step == Step::Connecting && m_wire->connected != nullptr) {
        m_step = Step::Asking;
        return mysql_real_query_start(
            &m_wire->failed, handle, m_statement.data(), m_statement.size());
    }
    if (m_step == Step::Asking && m_wire->failed == 0) {
        m_wire->result = mysql_use_result(handle);
        if (m_wire->result == nullptr && mysql_field_count(handle) == 0) {
            finish(true); // a statement without rows
            return 0;
        }
        if (m_wire->result != nullptr) {
            m_step = Step::Reading;
            return mysql_fetch_row_start(&m_wire->row, m_wire->result);
        }
    }
    if (m_step == Step::Reading && m_wire->row != nullptr)
        return takeRow() ? mysql_fetch_row_start(&m_wire->row, m_wire->result) : 0;
    if (m_step == Step::Reading && mysql_errno(handle) == 0)
        finish(true);
    else
        fail();
    return 0;
}

bool SqlExchange::takeRow()
{
    const unsigned columns = mysql_num_fields(m_wire->result);
    const unsigned long *lengths = mysql_fetch_lengths(m_wire->result);
    if (std::exchange(m_hasRow, true))
        m_end.rows += '\n';
    for (unsigned i = 0; i < columns; ++i) {
        if (i > 0)
            m_end.rows += '\t';
        if (m_wire->row[i] == nullptr)
            m_end.rows += "NULL";
        else
            m_end.rows.append(m_wire->row[i], lengths[i]);
        if (m_end.rows.size() > largestAnswer) {
            giveUp("the answer is larger than 64 KiB");
            return false;
        }
    }
    return true;
}

void SqlExchange::fail()
{
    m_end.code = mysql_errno(m_wire->handle);
    m_end.problem = plainWords(mysql_error(m_wire->handle));
    // A socket that is read without blocking: EAGAIN and EINPROGRESS say nothing of why.
    for (const char *noise : { ", system error: 115", ", system error: 11" }) {
        if (m_end.problem.ends_with(noise))
            m_end.problem.resize(m_end.problem.size() - std::strlen(noise));
    }
    if (m_end.problem.empty())
        m_end.problem = "the connection failed";
    m_end.problem += " (" + std::to_string(m_end.code) + ", "
        + plainWords(mysql_sqlstate(m_wire->handle)) + ')';
    finish(false);
}

void SqlExchange::giveUp(std::string why)
{
    if (isOver())
        return;
    drop();
    m_end.problem = std::move(why);
    m_end.code = 0;
    finish(false);
}

void SqlExchange::finish(bool isOk)
{
    m_step = Step::Over;
    m_end.isOk = isOk;
    if (!isOk)
        m_end.rows.clear();
    drop();
}

/// What is suspended inside the library must be run to its end, or it leaks its socket; with the
/// socket shut that takes no time.
void SqlExchange::drop()
{
    if (m_wire->handle == nullptr)
        return;
    const bool isSuspended = m_waiting != 0 && !isOver();
    if (isSuspended || m_wire->row != nullptr)
        ::shutdown(mysql_get_socket(m_wire->handle), SHUT_RDWR);
    for (int i = 0; isSuspended && m_waiting != 0 && i < mostSteps; ++i)
        m_waiting = proceed(MYSQL_WAIT_TIMEOUT);
    if (m_wire->result != nullptr)
        mysql_free_result(m_wire->result);
    mysql_close(m_wire->handle);
    *m_wire = {};
    m_waiting = 0;
}

int SqlExchange::descriptor() const
{
    return m_wire->handle == nullptr ? -1 : mysql_get_socket(m_wire->handle);
}

short SqlExchange::wanted() const
{
    int out = 0;
    if ((m_waiting & MYSQL_WAIT_READ) != 0)
        out |= POLLIN;
    if ((m_waiting & MYSQL_WAIT_WRITE) != 0)
        out |= POLLOUT;
    if ((m_waiting & MYSQL_WAIT_EXCEPT) != 0)
        out |= POLLPRI;
    return static_cast<short>(out);
}

std::string plainWords(const std::string &text, std::size_t most)
{
    std::string out = text.substr(0, most);
    while (!out.empty() && out.size() < text.size()
        && (static_cast<unsigned char>(text[out.size()]) & 0xc0) == 0x80)
        out.pop_back(); // the rest of a letter was cut off
    for (char &letter : out) {
        if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f)
            letter = ' ';
    }
    return out;
}

bool mayPass(const SqlEnd &end)
{
    // MariaDB's error codes; 9001, 9002 and 9005 are TiDB's for a placement driver, a store or a
    // region that does not answer.
    static constexpr std::array<unsigned, 10> passing{ 1040, 1047, 1053, 1158, 1159, 1205, 1213,
        9001, 9002, 9005 };
    const bool isClients = end.code >= 2000 && end.code < 3000;
    const bool isOwn = !end.isOk && end.code == 0;
    return isClients || isOwn
        || std::find(passing.begin(), passing.end(), end.code) != passing.end();
}

} // namespace faultline::runs
