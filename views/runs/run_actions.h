// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/runs_model.h"
#include "services/session/session.h"

#include <QObject>

#include <vector>

namespace faultline::views {

/// What a person does to a run or to a whole pipeline: stop and re-run. Each answer is told by one
/// signal.
class RunActions : public QObject
{
    Q_OBJECT

public:
    RunActions(
        session::Session &session, const models::RunsModel &model, QObject *parent = nullptr);

    /// False also while it is already being stopped.
    [[nodiscard]] bool canStop(const models::RunRow &row) const;
    [[nodiscard]] bool canRetry(const models::RunRow &row) const;
    /// "case-node-shutdown (job 17 of pipeline #12)", for questions and notices.
    [[nodiscard]] static QString nameOf(const models::RunRow &row);

    /// Cancels without asking; the page asks.
    void stop(const models::RunRow &row);
    void retry(const models::RunRow &row);

Q_SIGNALS:
    void done(const QString &notice);
    void failed(const faultline::domain::Error &error);
    /// A re-run made this job.
    void jobMade(faultline::domain::JobId id);

private:
    template <typename T>
    void send(std::function<net::Call(ci::CiBackend &, domain::Done<T>)> verb, QString notice);

    session::Session &m_session;
    const models::RunsModel &m_model;
    std::vector<net::Call> m_calls;
};

} // namespace faultline::views
