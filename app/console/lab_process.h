// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/result.h"

#include <QObject>
#include <QProcess>
#include <QTimer>

namespace faultline::console {

/// The lab of this user: found when it runs already, else started as a child and ended with this
/// object.
class LabProcess : public QObject
{
    Q_OBJECT

public:
    explicit LabProcess(QObject *parent = nullptr);
    ~LabProcess() override;

    /// One of ready() and failed() follows, never from inside this call.
    void start();

    /// "$XDG_STATE_HOME/faultline/lab".
    [[nodiscard]] static QString stateFolder();

Q_SIGNALS:
    /// The workspace file that the lab wrote.
    void ready(const QString &workspaceFile);
    /// The lab's last words while it starts.
    void progressed(const QString &line);
    void failed(const faultline::domain::Error &error);
    /// It was ready and has ended by itself.
    void died(const faultline::domain::Error &error);

private:
    [[nodiscard]] static bool isRunning();
    void launch();
    void readOutput();
    void readErrors();
    void becomeReady();
    void finish(const QString &message);
    [[nodiscard]] static QString workspaceFile();

    QProcess m_process;
    QTimer m_deadline;
    QByteArray m_errors;
    bool m_isReady = false;
};

} // namespace faultline::console
