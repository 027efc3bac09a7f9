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

/// A job's log on the owner's thread (the UI thread): the same signals as ci::JobTrace, brought
/// over.
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

/// One open workspace: its service thread, its backends and its feeds. Created and used on the
/// owner's thread (UI, or a test's main thread); every signal arrives there. Destroying it cancels
/// everything and joins the thread.
class Session : public QObject
{
    Q_OBJECT

public:
    /// Takes backends that are made on the service thread by the factories; the workspace
    /// constructor makes the GitLab and Rancher ones.
    struct Factories
    {
        std::function<std::unique_ptr<ci::CiBackend>()>
            ci; ///< may be empty: no CI in this workspace
        std::function<std::unique_ptr<stacks::StackBackend>()> stacks; ///< may be empty
    };
    Session(Factories factories, QObject *parent = nullptr);
    Session(
        const settings::Workspace &workspace, settings::Secrets secrets, QObject *parent = nullptr);
    ~Session() override;

    /// Opens the feeds. Health signals come first, data when it arrives.
    void start();

    /// "Retry now" of a health pill; also used after an action whose effect should be seen at once.
    void refreshCi();
    void refreshStacks();

    /// Runs a backend verb on the service thread; the answer comes back to this thread. Same
    /// contract as net::Call; the call may outlive the session, and then nothing arrives. Without
    /// such a backend: ErrorKind::NotFound.
    template <typename T>
    [[nodiscard]] net::Call onCi(
        std::function<net::Call(ci::CiBackend &, domain::Done<T>)> verb, domain::Done<T> done)
    {
        return onBackend<T>(m_ci, std::move(verb), std::move(done));
    }
    template <typename T>
    [[nodiscard]] net::Call onStacks(
        std::function<net::Call(stacks::StackBackend &, domain::Done<T>)> verb,
        domain::Done<T> done)
    {
        return onBackend<T>(m_stacks, std::move(verb), std::move(done));
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
    template <typename T, typename Backend>
    [[nodiscard]] net::Call onBackend(std::unique_ptr<Backend> &backend,
        std::function<net::Call(Backend &, domain::Done<T>)> verb, domain::Done<T> done)
    {
        const net::Start<T> start
            = [this, &backend, verb = std::move(verb)](domain::Done<T> inner) {
                  if (backend)
                      return verb(*backend, std::move(inner));
                  net::Promise<T> missing(std::move(inner));
                  missing.finishLater(m_service.get(), domain::failure(noBackend()));
                  return missing.call();
              };
        // The callback keeps the target alive for a call that is cancelled after the session's end.
        return net::callOn<T>(m_service.get(), start,
            [keep = m_service, done = std::move(done)](
                domain::Result<T> result) { done(std::move(result)); });
    }
    [[nodiscard]] static domain::Error noBackend();
    void openFeeds(); // on the service thread

    QThread m_thread;
    std::shared_ptr<QObject> m_service; // lives on m_thread; the context of everything there
    bool m_hasCi = false;
    bool m_hasStacks = false;
    std::unique_ptr<ci::CiBackend> m_ci; // used on m_thread only
    std::unique_ptr<stacks::StackBackend> m_stacks; // used on m_thread only
    std::unique_ptr<ci::CiFeed> m_ciFeed; // used on m_thread only
    std::unique_ptr<stacks::StackFeed> m_stackFeed; // used on m_thread only
};

} // namespace faultline::session
