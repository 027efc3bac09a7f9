// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/session/session.h"

#include "services/ci/gitlab/gitlab_backend.h"
#include "services/session/forwarded_trace.h"
#include "services/stacks/rancher/rancher_backend.h"

namespace faultline::session {

namespace {

Session::Factories factoriesFor(
    const settings::Workspace &workspace, const settings::Secrets &secrets)
{
    Session::Factories out;
    if (workspace.gitlab) {
        out.ci = [settings = *workspace.gitlab, token = secrets.gitlabToken] {
            return std::make_unique<ci::GitLabBackend>(settings, token);
        };
    }
    if (workspace.rancher) {
        out.stacks = [settings = *workspace.rancher, accessKey = secrets.rancherAccessKey,
                         secretKey = secrets.rancherSecretKey] {
            return std::make_unique<stacks::RancherBackend>(settings, accessKey, secretKey);
        };
    }
    return out;
}

} // namespace

Session::Session(const settings::Workspace &workspace, settings::Secrets secrets, QObject *parent)
    : Session(factoriesFor(workspace, secrets), parent)
{
}

Session::Session(Factories factories, QObject *parent)
    : QObject(parent)
    , m_service(std::make_shared<QObject>())
    , m_hasCi(static_cast<bool>(factories.ci))
    , m_hasStacks(static_cast<bool>(factories.stacks))
{
    m_thread.setObjectName(QStringLiteral("service"));
    m_service->moveToThread(&m_thread);
    m_thread.start();
    QMetaObject::invokeMethod(
        m_service.get(),
        [this, factories = std::move(factories)] {
            if (factories.ci)
                m_ci = factories.ci();
            if (factories.stacks)
                m_stacks = factories.stacks();
        },
        Qt::QueuedConnection);
}

Session::~Session()
{
    // Everything that lives on the service thread dies there, in the order of use; what is still
    // queued for it runs before that.
    QMetaObject::invokeMethod(
        m_service.get(),
        [this] {
            m_ciFeed.reset();
            m_stackFeed.reset();
            qDeleteAll(m_service->children()); // traces
            m_ci.reset();
            m_stacks.reset();
        },
        Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

void Session::start()
{
    QMetaObject::invokeMethod(
        m_service.get(), [this] { openFeeds(); }, Qt::QueuedConnection);
}

void Session::openFeeds()
{
    // The feeds live on the service thread and this object on the owner's, so Qt queues every
    // signal.
    if (m_ci && !m_ciFeed) {
        m_ciFeed = m_ci->openFeed();
        connect(m_ciFeed.get(), &ci::CiFeed::changed, this, &Session::ciChanged);
        connect(m_ciFeed.get(), &ci::CiFeed::healthChanged, this, &Session::ciHealthChanged);
        m_ciFeed->start();
    }
    if (m_stacks && !m_stackFeed) {
        m_stackFeed = m_stacks->openFeed();
        connect(m_stackFeed.get(), &stacks::StackFeed::changed, this, &Session::stacksChanged);
        connect(m_stackFeed.get(), &stacks::StackFeed::healthChanged, this,
            &Session::stacksHealthChanged);
        m_stackFeed->start();
    }
}

void Session::refreshCi()
{
    QMetaObject::invokeMethod(
        m_service.get(),
        [this] {
            if (m_ciFeed)
                m_ciFeed->retryNow();
        },
        Qt::QueuedConnection);
}

void Session::refreshStacks()
{
    QMetaObject::invokeMethod(
        m_service.get(),
        [this] {
            if (m_stackFeed)
                m_stackFeed->retryNow();
        },
        Qt::QueuedConnection);
}

domain::Error Session::noBackend()
{
    domain::Error error;
    error.kind = domain::ErrorKind::NotFound;
    error.message = tr("This workspace has no such server; add it to the workspace file.");
    return error;
}

bool Session::hasCi() const
{
    return m_hasCi;
}

bool Session::hasStacks() const
{
    return m_hasStacks;
}

std::unique_ptr<JobLogTail> Session::followJob(domain::JobId id)
{
    auto tail = std::make_unique<ForwardedTrace>(m_service);
    tail->open([this, id]() -> std::unique_ptr<ci::JobTrace> {
        return m_ci ? m_ci->openTrace(id) : nullptr;
    });
    return tail;
}

} // namespace faultline::session
