// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/session/session.h"
#include "tests/ci/gitlab_script.h"
#include "tests/stacks/rancher_script.h"

#include <QSignalSpy>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;
using domain::FeedHealth;
using session::Session;

class TestSession : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        gitlabServer = std::make_unique<FaultServer>();
        rancherServer = std::make_unique<FaultServer>();
        gitlab = std::make_unique<GitLabScript>(*gitlabServer);
        rancher = std::make_unique<RancherScript>(*rancherServer);
        gitlab->setPipeline(1, QStringLiteral("success"));
        gitlab->setJob(11, 1, QStringLiteral("success"));
        gitlab->setLog("hello\n");
        gitlab->sendParts(true);
        rancher->set(1, QStringLiteral("running"));
    }

    void bothFeedsArriveOnTheOwnersThread()
    {
        const auto session = open();
        QSignalSpy ci(session.get(), &Session::ciChanged);
        QSignalSpy stacks(session.get(), &Session::stacksChanged);
        QThread *seenOn = nullptr;
        connect(session.get(), &Session::ciChanged, this,
            [&seenOn] { seenOn = QThread::currentThread(); });
        session->start();
        QTRY_COMPARE(ci.size(), 1);
        QTRY_COMPARE(stacks.size(), 1);
        QCOMPARE(seenOn, thread());
        QCOMPARE(ci[0][0].value<ci::CiDelta>().jobs.added.size(), 1);
        QCOMPARE(stacks[0][0].value<stacks::StackDelta>().containers.added.size(), 1);
    }

    void aVerbAnswersOnTheOwnersThread()
    {
        const auto session = open();
        std::optional<domain::Job> job;
        const net::Call call = session->onCi<domain::Job>(
            [](ci::CiBackend &backend, domain::Done<domain::Job> done) {
                return backend.job(domain::JobId(11), std::move(done));
            },
            [&job, this](domain::Result<domain::Job> result) {
                QCOMPARE(QThread::currentThread(), thread());
                job = result.value();
            });
        QTRY_VERIFY(job.has_value());
        QCOMPARE(job->id, domain::JobId(11));
    }

    void aMissingBackendIsAnErrorAndNoCrash()
    {
        Session session{ Session::Factories{} };
        QVERIFY(!session.hasCi());
        session.start();
        session.refreshCi();
        std::optional<domain::Error> error;
        const net::Call call = session.onStacks<domain::Stack>(
            [](stacks::StackBackend &backend, domain::Done<domain::Stack> done) {
                return backend.stack(domain::StackId(QStringLiteral("1st1")), std::move(done));
            },
            [&error](domain::Result<domain::Stack> result) { error = result.error(); });
        QTRY_VERIFY(error.has_value());
        const auto tail = session.followJob(domain::JobId(1));
        QSignalSpy failed(tail.get(), &session::JobLogTail::failed);
        QTRY_COMPARE(failed.size(), 1);
    }

    void aJobsLogIsFollowed()
    {
        const auto session = open();
        const auto tail = session->followJob(domain::JobId(11));
        QByteArray log;
        connect(tail.get(), &session::JobLogTail::appended, this,
            [&log](const QByteArray &bytes) { log += bytes; });
        QSignalSpy ended(tail.get(), &session::JobLogTail::ended);
        QTRY_COMPARE(ended.size(), 1);
        QCOMPARE(log, QByteArray("hello\n"));
    }

    void callsAndTailsMayOutliveTheSession()
    {
        auto session = open();
        session->start();
        Answer slow = json("[]");
        slow.delay = std::chrono::milliseconds(500);
        bool answered = false;
        const auto tail = session->followJob(domain::JobId(11));
        net::Call call = session->onCi<QList<domain::Pipeline>>(
            [](ci::CiBackend &backend, domain::Done<QList<domain::Pipeline>> done) {
                return backend.pipelines(10, std::move(done));
            },
            [&answered](auto) { answered = true; });
        gitlab->overruleAll(slow);
        session.reset();
        call.cancel();
        QTest::qWait(50);
        QVERIFY(!answered);
    }

    void aSessionMayEndAtAnyMoment()
    {
        for (int wait = 0; wait < 60; wait += 3) {
            const auto session = open();
            session->start();
            const auto tail = session->followJob(domain::JobId(11));
            const net::Call call = session->onStacks<stacks::StackSnapshot>(
                [](stacks::StackBackend &backend, domain::Done<stacks::StackSnapshot> done) {
                    return backend.snapshot(std::move(done));
                },
                [](auto) {});
            QTest::qWait(wait);
        }
    }

private:
    std::unique_ptr<Session> open()
    {
        settings::Workspace workspace;
        workspace.gitlab.emplace();
        workspace.gitlab->url = gitlabServer->url();
        workspace.gitlab->project = QStringLiteral("faultline/sample");
        workspace.rancher.emplace();
        workspace.rancher->url = rancherServer->url();
        workspace.rancher->project = QStringLiteral("1a5");
        return std::make_unique<Session>(
            workspace, settings::Secrets{ "token", {}, "key", "secret" });
    }

    std::unique_ptr<FaultServer> gitlabServer;
    std::unique_ptr<FaultServer> rancherServer;
    std::unique_ptr<GitLabScript> gitlab;
    std::unique_ptr<RancherScript> rancher;
};

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
