// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/runs/sql/sql_exchange.h"

#include <QObject>
#include <QSocketNotifier>

#include <functional>
#include <memory>

namespace faultline::runs {

/// A statement that this thread's event loop carries out. Dropped when it is deleted, at once.
class SqlWatch : public QObject
{
public:
    using Done = std::function<void(const SqlEnd &end)>;

    SqlWatch(SqlServer server, std::string statement, Done done, QObject *parent = nullptr);

    /// `done` is called exactly once, unless this is deleted before, and never from inside here.
    void start();

private:
    void became(short events);
    void follow();

    SqlExchange m_exchange;
    Done m_done;
    int m_descriptor = -1;
    std::unique_ptr<QSocketNotifier> m_readable;
    std::unique_ptr<QSocketNotifier> m_writable;
    std::unique_ptr<QSocketNotifier> m_special;
};

} // namespace faultline::runs
