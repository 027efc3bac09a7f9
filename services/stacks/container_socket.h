// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/error.h"

#include <QDateTime>
#include <QList>
#include <QObject>
#include <QStringList>

namespace faultline::stacks {

struct TerminalOptions
{
    QStringList command; ///< program and arguments
    bool tty = true; ///< without one, the output is Docker's own framing and has no stderr
};

/// A command in a container with its terminal. Destroying it closes the socket, which ends the
/// command's input.
class ContainerTerminal : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// What was typed. Before `opened` it is kept.
    virtual void write(const QByteArray &bytes) = 0;
    virtual void resize(int columns, int rows) = 0;

Q_SIGNALS:
    void opened();
    /// Raw bytes; a piece may end in the middle of a character.
    void received(const QByteArray &bytes);
    void ended(); ///< the command ended, or its container; nobody tells the exit code
    void failed(const faultline::domain::Error &error);
};

/// One moment of a container or a host. Counters grow from the start of it: take differences.
struct UsageSample
{
    QString id; ///< Docker's id of a container, or the host's id
    QDateTime time; ///< UTC
    qint64 cpuNanos = 0; ///< time of all cores together
    qint64 memoryBytes = 0;
    qint64 memoryLimitBytes = 0;
    qint64 receivedBytes = 0;
    qint64 sentBytes = 0;
    qint64 readBytes = 0;
    qint64 writtenBytes = 0;

    friend bool operator==(const UsageSample &, const UsageSample &) = default;
};

/// Samples as they come, about one a second for each thing looked at. Destroying it closes the
/// socket.
class UsageFeed : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

Q_SIGNALS:
    void sampled(const QList<faultline::stacks::UsageSample> &samples);
    void ended(); ///< there is nothing to look at any more
    void failed(const faultline::domain::Error &error);
};

} // namespace faultline::stacks
