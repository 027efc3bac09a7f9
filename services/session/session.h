// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/ci_backend.h"
#include "services/net/across_threads.h"
#include "services/settings/workspace.h"
#include "services/stacks/stack_backend.h"

#include <QObject>
#include <QThread>

#include <memory>

namespace faultline::session {

/// A job's log on the owner's thread (the UI thread): the same signals as ci::JobTrace, brought over.
class JobLogTail : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

Q_SIGNALS:
    void appended(const QByteArray &bytes);
    void restarted();
    void ended();
    void failed(const faultline::domain::Error &error);
};

/// One open workspace: its service thread, its backends and its feeds. Created and used on the owner's thread (UI,
/// or a test's main thread); every signal arrives there. Destroying it cancels everything and joins the thread.
class Session : public QObject
{
    Q_OBJECT

public:
    /// Takes backends that are made on the service thread by the factories; the workspace constructor makes the
    /// GitLab and Rancher ones.
    struct Factories
    {
        std::function<std::unique_ptr<ci::CiBackend>()> ci; ///< may be empty: no CI in this workspace
        std::function<std::unique_ptr<stacks::StackBackend>()> stacks; ///< may be empty
    };
    Session(Factories factories, QObject *parent = nullptr);
    Session(const settings::Workspace &workspace, settings::Secrets secrets, QObject *parent = nullptr);
    ~Session() override;

    /// Opens the feeds. Health signals come first, data when it arrives.
    void start();

    /// "Retry now" of a health pill; also used after an action whose effect should be seen at once.
    void refreshCi();
    void refreshStacks();

    /// Runs a backend verb on the service thread; the answer comes back to this thread. Same contract as net::Call.
    template <typename T>
    [[nodiscard]] net::Call onCi(
        std::function<net::Call(ci::CiBackend &, domain::Done<T>)> verb, domain::Done<T> done)
    {
        return net::callOn<T>(
            m_service,
            [this, verb = std::move(verb)](domain::Done<T> inner) { return verb(*m_ci, std::move(inner)); },
            std::move(done));
    }
    template <typename T>
    [[nodiscard]] net::Call onStacks(
        std::function<net::Call(stacks::StackBackend &, domain::Done<T>)> verb, domain::Done<T> done)
    {
        return net::callOn<T>(
            m_service,
            [this, verb = std::move(verb)](domain::Done<T> inner) { return verb(*m_stacks, std::move(inner)); },
            std::move(done));
    }

    [[nodiscard]] bool hasCi() const;
    [[nodiscard]] bool hasStacks() const;

    /// Follows a job's log until the returned object is destroyed.
    [[nodiscard]] std::unique_ptr<JobLogTail> followJob(domain::JobId id);

Q_SIGNALS:
    void ciChanged(const faultline::ci::CiDelta &delta);
    void ciHealthChanged(const faultline::domain::FeedHealth &health);
    void stacksChanged(const faultline::stacks::StackDelta &delta);
    void stacksHealthChanged(const faultline::domain::FeedHealth &health);

private:
    QThread m_thread;
    QObject *m_service = nullptr; // lives on m_thread; the context of everything there
    std::unique_ptr<ci::CiBackend> m_ci; // used on m_thread only
    std::unique_ptr<stacks::StackBackend> m_stacks; // used on m_thread only
    std::unique_ptr<ci::CiFeed> m_ciFeed; // used on m_thread only
    std::unique_ptr<stacks::StackFeed> m_stackFeed; // used on m_thread only
};

} // namespace faultline::session
