// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/agent_kinds/teller.h"

#include <QDeadlineTimer>

#include <ctime>

namespace {

constexpr int patience = 20'000;

qint64 nanoseconds(clockid_t clock)
{
    timespec now{};
    clock_gettime(clock, &now);
    return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
}

double milliseconds(qint64 time)
{
    return static_cast<double>(time) / 1e6;
}

} // namespace

Teller::~Teller()
{
    m_process.kill();
    m_process.waitForFinished();
}

QString Teller::program(bool isStatic)
{
    return QStringLiteral(FAULTLINE_TELLERS)
        + (isStatic ? QStringLiteral("/clock_teller_static") : QStringLiteral("/clock_teller"));
}

bool Teller::start(const QStringList &command)
{
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.start(command.first(), command.mid(1));
    return m_process.waitForStarted() && nextLine(0).has_value();
}

std::optional<QList<qint64>> Teller::nextLine(int numbers)
{
    const qint64 asked = nanoseconds(CLOCK_MONOTONIC);
    const QDeadlineTimer deadline(patience);
    while (!deadline.hasExpired()) {
        if (!m_process.canReadLine() && !m_process.waitForReadyRead(100)
            && m_process.state() == QProcess::NotRunning)
            return std::nullopt;
        while (m_process.canReadLine()) {
            QList<qint64> line;
            for (const QByteArray &word : m_process.readLine().simplified().split(' '))
                line.append(word.toLongLong());
            if (numbers == 0 || (line.size() == numbers && line.first() > asked))
                return line;
        }
    }
    return std::nullopt;
}

std::optional<SeenShift> Teller::next()
{
    const auto line = nextLine(6);
    if (!line)
        return std::nullopt;
    const qint64 truth = line->at(0) + nanoseconds(CLOCK_REALTIME) - nanoseconds(CLOCK_MONOTONIC);
    const auto from = [&](int at) { return milliseconds(line->at(at) - truth); };
    return SeenShift{ from(1), from(2), from(3), from(4), static_cast<quint64>(line->at(5)) };
}

std::optional<double> Teller::nextDate()
{
    const auto line = nextLine(2);
    if (!line)
        return std::nullopt;
    return milliseconds(
        line->at(1) - (line->at(0) + nanoseconds(CLOCK_REALTIME) - nanoseconds(CLOCK_MONOTONIC)));
}

bool Teller::seesDate(double wanted, double tolerance, double *seen)
{
    constexpr int flips = 10;
    for (int i = 0; i < flips; ++i) {
        const auto date = nextDate();
        if (!date)
            return false;
        if (seen)
            *seen = *date;
        if (*date > wanted - tolerance && *date < wanted + tolerance)
            return true;
        qInfo("the date is off by %.1f ms", *date);
    }
    return false;
}
