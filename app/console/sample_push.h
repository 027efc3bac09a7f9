// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/error.h"

#include <QObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTimer>

namespace faultline::console {

/// Gives a new lab the sample cases: makes one commit of the files that this program carries and
/// pushes it as `main`, when the lab's project has no branch yet. The same files always make the
/// same commit. Needs git. UI thread; nothing blocks.
class SamplePush : public QObject
{
    Q_OBJECT

public:
    /// `labState`: the lab's folder, with lab.json, secrets and repositories.
    explicit SamplePush(QString labState, QObject *parent = nullptr);
    ~SamplePush() override;

    /// One of finished() and failed() follows, never from inside this call.
    void start();

Q_SIGNALS:
    /// Pushed; or there was something already.
    void finished(bool pushed);
    void failed(const faultline::domain::Error &error);

private:
    void askWhatIsThere();
    [[nodiscard]] bool writeFiles();
    [[nodiscard]] QProcessEnvironment environment() const;
    void runNext();
    void takeEnd(int exitCode);
    void fail(const QString &message, const QString &words = {});

    QString m_labState;
    QString m_project;
    QString m_url;
    QTemporaryDir m_work;
    QProcess m_process;
    QTimer m_deadline;
    QList<QStringList> m_steps;
    bool m_isAsking = true;
};

} // namespace faultline::console
