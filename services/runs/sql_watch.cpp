// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/sql_watch.h"

#include <QTimer>

#include <utility>

#include <poll.h>

namespace faultline::runs {

SqlWatch::SqlWatch(SqlServer server, std::string statement, Done done, QObject *parent)
    : QObject(parent)
    , m_exchange(std::move(server), std::move(statement))
    , m_done(std::move(done))
{
}

void SqlWatch::start()
{
    m_exchange.start();
    follow();
}

void SqlWatch::became(short events)
{
    m_exchange.advance(events);
    follow();
}

void SqlWatch::follow()
{
    if (m_exchange.isOver()) {
        // The notifier may be the one whose signal is being handled.
        for (auto *notifier : { &m_readable, &m_writable, &m_special }) {
            if (*notifier)
                (*notifier)->setEnabled(false);
        }
        QTimer::singleShot(0, this, [this] {
            if (const auto done = std::exchange(m_done, nullptr))
                done(m_exchange.end());
        });
        return;
    }
    const auto watch = [this](std::unique_ptr<QSocketNotifier> &notifier,
                           QSocketNotifier::Type type, short event) {
        if (notifier && notifier->socket() != m_exchange.descriptor()) {
            notifier->setEnabled(false);
            notifier.release()->deleteLater();
        }
        const bool isWanted = (m_exchange.wanted() & event) != 0;
        if (!notifier && isWanted) {
            notifier = std::make_unique<QSocketNotifier>(m_exchange.descriptor(), type);
            connect(notifier.get(), &QSocketNotifier::activated, this,
                [this, event] { became(event); });
        }
        if (notifier)
            notifier->setEnabled(isWanted);
    };
    watch(m_readable, QSocketNotifier::Read, POLLIN);
    watch(m_writable, QSocketNotifier::Write, POLLOUT);
    watch(m_special, QSocketNotifier::Exception, POLLPRI);
}

} // namespace faultline::runs
