// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/ci_checks.h"
#include "services/ci/ci_commits.h"
#include "services/ci/ci_hooks.h"
#include "services/ci/ci_releases.h"
#include "services/ci/ci_runners.h"
#include "services/ci/ci_schedules.h"
#include "services/ci/ci_triggers.h"
#include "tests/ci/gitlab_lab.h"

#include <QJsonArray>
#include <QTcpServer>
#include <QTcpSocket>

using namespace faultline;
using namespace faultline::tests;
using domain::CiStatus;
using domain::ErrorKind;

namespace {

QString words(const domain::Error &error)
{
    return error.text();
}

} // namespace

/// The client's verbs by topic (schedules, triggers, runners, releases, hooks, …) against the lab's
/// real server.
class TestGitLabTopics : public GitLabLab
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { runThePipeline(); }
    void cleanupTestCase() { endTheLab(); }
    void schedulesFromCreationToRemoval();
    void aScheduleIsPlayedOnceAMinute();
    void triggersFromCreationToRemoval();
    void runnersAreShownAndPaused();
    void commitStatusesAreSetAndListed();
    void releasesFromCreationToRemoval();
    void lintTellsTheServersWords();
    void theTokenTellsWhatItMayDo();
    void aWrongTokenIsTold();
    void schedulesKeepTypedInputs();
    void linksOfAReleaseComeAndGo();
    void hooksAreTriedAndTheirDeliveriesListed();
};

void TestGitLabTopics::schedulesFromCreationToRemoval()
{
    ci::CiSchedules *schedules = m_ci->schedules();
    ci::ScheduleSpec spec;
    spec.description = QStringLiteral("Nightly soak");
    spec.ref = QStringLiteral("main");
    spec.cron = QStringLiteral("0 2 * * *");
    spec.cronTimezone = QStringLiteral("Europe/Berlin");
    spec.active = false;
    const auto made = get<domain::Schedule>(
        [&](auto done) { return schedules->create(spec, std::move(done)); });
    QCOMPARE(made.description, QStringLiteral("Nightly soak"));
    QCOMPARE(made.cronTimezone, QStringLiteral("Europe/Berlin"));
    QVERIFY(!made.active && made.nextRunAt.isValid());
    QCOMPARE(made.owner, QStringLiteral("lab"));
    ci::ScheduleSpec change;
    change.active = true;
    change.cron = QStringLiteral("*/5 * * * *");
    const auto changed = get<domain::Schedule>(
        [&](auto done) { return schedules->change(made.id, change, std::move(done)); });
    QVERIFY(changed.active);
    QCOMPARE(changed.description, made.description);
    const auto set = [&](const char *value) {
        return answerOf<void>([&](auto done) {
            return schedules->setVariable(made.id,
                { QStringLiteral("SUITE"), QLatin1StringView(value), false }, std::move(done));
        }).has_value();
    };
    QVERIFY(set("nightly"));
    QVERIFY(set("weekly")); // changes it
    const auto read = get<domain::Schedule>(
        [&](auto done) { return schedules->one(made.id, std::move(done)); });
    QCOMPARE(read.variables,
        QList<domain::CiVariable>(
            { { QStringLiteral("SUITE"), QStringLiteral("weekly"), false } }));
    QVERIFY(answerOf<void>([&](auto done) {
        return schedules->removeVariable(made.id, QStringLiteral("SUITE"), std::move(done));
    }));
    QCOMPARE(get<QList<domain::Schedule>>([&](auto done) {
        return schedules->list(std::move(done));
    }).size(),
        1);
    QCOMPARE(get<domain::Schedule>([&](auto done) {
        return schedules->takeOwnership(made.id, std::move(done));
    }).id,
        made.id);
    change.cron = QStringLiteral("every now and then");
    const auto error = refused<domain::Schedule>(
        [&](auto done) { return schedules->change(made.id, change, std::move(done)); });
    QCOMPARE(error.kind, ErrorKind::Invalid);
    QVERIFY2(
        error.serverWords.contains(QStringLiteral("syntax is invalid")), qPrintable(words(error)));
    QVERIFY(answerOf<void>([&](auto done) { return schedules->remove(made.id, std::move(done)); }));
    QCOMPARE(refused<domain::Schedule>([&](auto done) {
        return schedules->one(made.id, std::move(done));
    }).kind,
        ErrorKind::NotFound);
}

void TestGitLabTopics::aScheduleIsPlayedOnceAMinute()
{
    ci::CiSchedules *schedules = m_ci->schedules();
    ci::ScheduleSpec spec;
    spec.description = QStringLiteral("Now");
    spec.ref = QStringLiteral("main");
    spec.cron = QStringLiteral("0 0 1 1 *");
    const auto made = get<domain::Schedule>(
        [&](auto done) { return schedules->create(spec, std::move(done)); });
    const auto play = [&] {
        return answerOf<void>([&](auto done) { return schedules->play(made.id, std::move(done)); });
    };
    QVERIFY(play());
    using List = QList<domain::Pipeline>;
    const auto started = [&] {
        return get<List>(
            [&](auto done) { return schedules->pipelines(made.id, 10, std::move(done)); });
    };
    QTRY_COMPARE_WITH_TIMEOUT(started().size(), 1, 30'000);
    QCOMPARE(started().first().source, QStringLiteral("schedule"));
    const auto soon = play();
    QVERIFY(!soon);
    QCOMPARE(soon.error().kind, ErrorKind::RateLimited);
    QVERIFY2(soon.error().serverWords.contains(QStringLiteral("too many times")),
        qPrintable(words(soon.error())));
}

void TestGitLabTopics::triggersFromCreationToRemoval()
{
    ci::CiTriggers *triggers = m_ci->triggers();
    const QDateTime end = QDateTime(QDate(2099, 1, 2), QTime(3, 4, 5), Qt::UTC);
    const auto made = get<domain::CiTrigger>([&](auto done) {
        return triggers->create(QStringLiteral("From the rack"), end, std::move(done));
    });
    QVERIFY(made.token.startsWith(QStringLiteral("glptt-")));
    QCOMPARE(made.expiresAt, end);
    const auto started = get<domain::Pipeline>([&](auto done) {
        return m_ci->triggerPipeline(
            { QStringLiteral("main"), {}, {} }, made.token, std::move(done));
    });
    QCOMPARE(started.source, QStringLiteral("trigger"));
    const auto renamed = get<domain::CiTrigger>([&](auto done) {
        return triggers->rename(made.id, QStringLiteral("Old rack"), std::move(done));
    });
    QCOMPARE(renamed.description, QStringLiteral("Old rack"));
    QVERIFY(get<QList<domain::CiTrigger>>([&](auto done) {
        return triggers->list(std::move(done));
    }).contains(get<domain::CiTrigger>([&](auto done) {
        return triggers->one(made.id, std::move(done));
    })));
    QVERIFY(answerOf<void>([&](auto done) { return triggers->remove(made.id, std::move(done)); }));
    QCOMPARE(refused<domain::CiTrigger>([&](auto done) {
        return triggers->one(made.id, std::move(done));
    }).kind,
        ErrorKind::NotFound);
}

void TestGitLabTopics::runnersAreShownAndPaused()
{
    ci::CiRunners *runners = m_ci->runnerVerbs();
    const auto all
        = get<QList<domain::Runner>>([&](auto done) { return runners->list({}, std::move(done)); });
    QCOMPARE(all.size(), 2);
    QCOMPARE(all[0].status, QStringLiteral("online"));
    const domain::RunnerId id = all[0].id;
    const auto pause = [&](bool isPaused) {
        return get<domain::Runner>(
            [&](auto done) { return runners->setPaused(id, isPaused, std::move(done)); });
    };
    QVERIFY(pause(true).paused);
    QVERIFY(!pause(false).paused);
    const auto one
        = get<domain::Runner>([&](auto done) { return runners->one(id, std::move(done)); });
    QVERIFY(one.contactedAt.isValid() && !one.version.isEmpty());
    qsizetype jobs = 0;
    for (const domain::Runner &runner : all) {
        const auto ran = get<QList<domain::Job>>([&](auto done) {
            return runners->jobs(runner.id, QStringLiteral("success"), 100, std::move(done));
        });
        jobs += ran.size();
    }
    QVERIFY(jobs >= 2);
    const auto gone = refused<domain::Runner>(
        [&](auto done) { return runners->one(domain::RunnerId(9999), std::move(done)); });
    QCOMPARE(gone.kind, ErrorKind::NotFound);
}

void TestGitLabTopics::commitStatusesAreSetAndListed()
{
    const QString sha = get<domain::Pipeline>([&](auto done) {
        return m_ci->pipeline(m_pipeline, std::move(done));
    }).sha;
    ci::CommitStatusSpec spec;
    spec.sha = sha;
    spec.state = QStringLiteral("running");
    spec.name = QStringLiteral("faultline");
    spec.description = QStringLiteral("12 of 40 cases");
    const auto set = [&] {
        return answerOf<domain::CommitStatus>(
            [&](auto done) { return m_ci->commits()->setStatus(spec, std::move(done)); });
    };
    QCOMPARE(set()->status, CiStatus::Running);
    const auto again = set();
    QVERIFY(!again);
    QVERIFY2(again.error().serverWords.contains(QStringLiteral("Cannot transition status")),
        qPrintable(words(again.error())));
    spec.state = QStringLiteral("success");
    QCOMPARE(set()->status, CiStatus::Success);
    const auto all = get<QList<domain::CommitStatus>>(
        [&](auto done) { return m_ci->commits()->statuses(sha, std::move(done)); });
    const auto own = std::find_if(all.begin(), all.end(),
        [](const domain::CommitStatus &one) { return one.name == QLatin1StringView("faultline"); });
    QVERIFY(own != all.end());
    QCOMPARE(own->description, QStringLiteral("12 of 40 cases"));
}

void TestGitLabTopics::releasesFromCreationToRemoval()
{
    ci::CiReleases *releases = m_ci->releases();
    ci::ReleaseSpec spec;
    spec.tag = QStringLiteral("v7.5/rc 1");
    const auto bad = refused<domain::Release>(
        [&](auto done) { return releases->create(spec, std::move(done)); });
    QCOMPARE(bad.kind, ErrorKind::Invalid);
    QVERIFY2(
        bad.serverWords.contains(QStringLiteral("Ref is not specified")), qPrintable(words(bad)));
    spec.tag = QStringLiteral("v7.5/rc1");
    spec.ref = QStringLiteral("main");
    spec.name = QStringLiteral("7.5, first candidate");
    spec.description = QStringLiteral("Passed **40** cases");
    spec.links = { { QStringLiteral("Report"), QStringLiteral("https://reports.example.org/1"),
        QStringLiteral("other"), {} } };
    const auto made
        = get<domain::Release>([&](auto done) { return releases->create(spec, std::move(done)); });
    QCOMPARE(made.id.value(), spec.tag);
    QCOMPARE(made.links.size(), 1);
    spec.links[0].id = made.links[0].id; // given by the server
    QCOMPARE(made.links, spec.links);
    QCOMPARE(made.sha.size(), 40);
    QCOMPARE(refused<domain::Release>([&](auto done) {
        return releases->create(spec, std::move(done));
    }).kind,
        ErrorKind::Conflict);
    const auto changed = get<domain::Release>([&](auto done) {
        return releases->change(spec.tag, QStringLiteral("7.5-rc1"), std::nullopt, std::move(done));
    });
    QCOMPARE(changed.name, QStringLiteral("7.5-rc1"));
    QCOMPARE(changed.description, spec.description);
    QCOMPARE(
        get<domain::Release>([&](auto done) { return releases->one(spec.tag, std::move(done)); }),
        changed);
    QCOMPARE(
        get<QList<domain::Release>>([&](auto done) { return releases->list(std::move(done)); }),
        QList<domain::Release>({ changed }));
    QVERIFY(answerOf<void>([&](auto done) { return releases->remove(spec.tag, std::move(done)); }));
    QCOMPARE(refused<domain::Release>([&](auto done) {
        return releases->one(spec.tag, std::move(done));
    }).kind,
        ErrorKind::NotFound);
}

void TestGitLabTopics::lintTellsTheServersWords()
{
    const auto lint = [&](const ci::CiChecks::LintRequest &request) {
        return get<domain::CiLint>(
            [&](auto done) { return m_ci->checks()->lint(request, std::move(done)); });
    };
    const auto present = lint({});
    QVERIFY2(present.isValid, qPrintable(present.errors.join(u'\n')));
    QCOMPARE(present.jobs.size(), 4);
    QCOMPARE(present.jobs[0].name, QStringLiteral("build"));
    QVERIFY(!present.mergedYaml.isEmpty());
    const auto wrong = lint({ QStringLiteral("job:\n  script: ls\n  wehn: manual\n"), {}, false });
    QVERIFY(!wrong.isValid);
    QVERIFY2(wrong.errors.join(u' ').contains(QStringLiteral("wehn")),
        qPrintable(wrong.errors.join(u' ')));
    const auto nothing
        = lint({ QStringLiteral("job:\n  script: ls\n  rules: [{when: never}]\n"), {}, true });
    QVERIFY(!nothing.isValid); // a dry run asks the rules
}

void TestGitLabTopics::theTokenTellsWhatItMayDo()
{
    const auto token = get<domain::TokenFacts>(
        [&](auto done) { return m_ci->checks()->token(std::move(done)); });
    QVERIFY(token.isActive && token.scopes.contains(QStringLiteral("api")));
    QVERIFY(token.expiresAt > QDate::currentDate());
    const auto who
        = get<ci::CiIdentity>([&](auto done) { return m_ci->identity(std::move(done)); });
    QCOMPARE(who.userName, QStringLiteral("lab"));
    QVERIFY(!who.serverVersion.isEmpty());
}

void TestGitLabTopics::aWrongTokenIsTold()
{
    const auto stranger = backendWith("glpat-wrong");
    const auto error = refused<QList<domain::Schedule>>(
        [&](auto done) { return stranger->schedules()->list(std::move(done)); });
    QCOMPARE(error.kind, ErrorKind::Auth);
    QVERIFY2(error.serverWords.contains(QStringLiteral("401")), qPrintable(words(error)));
    QVERIFY(!words(error).contains(QStringLiteral("glpat")));
}

void TestGitLabTopics::schedulesKeepTypedInputs()
{
    ci::CiSchedules *schedules = m_ci->schedules();
    ci::ScheduleSpec spec;
    spec.description = QStringLiteral("With inputs");
    spec.ref = QStringLiteral("main");
    spec.cron = QStringLiteral("0 0 1 1 *");
    spec.inputs = { { QStringLiteral("count"), 3 }, { QStringLiteral("deep"), true },
        { QStringLiteral("name"), QStringLiteral("soak") },
        { QStringLiteral("list"), QJsonArray{ QStringLiteral("a"), 2 } } };
    const auto made = get<domain::Schedule>(
        [&](auto done) { return schedules->create(spec, std::move(done)); });
    QCOMPARE(made.inputs, spec.inputs);
    ci::ScheduleSpec change;
    change.inputs = { { QStringLiteral("count"), 4 } };
    change.droppedInputs = { QStringLiteral("deep"), QStringLiteral("list") };
    const auto changed = get<domain::Schedule>(
        [&](auto done) { return schedules->change(made.id, change, std::move(done)); });
    QCOMPARE(changed.inputs,
        (QMap<QString, QJsonValue>{
            { QStringLiteral("count"), 4 }, { QStringLiteral("name"), QStringLiteral("soak") } }));
    QVERIFY(answerOf<void>([&](auto done) { return schedules->remove(made.id, std::move(done)); }));
}

void TestGitLabTopics::linksOfAReleaseComeAndGo()
{
    ci::CiReleases *releases = m_ci->releases();
    ci::ReleaseSpec spec;
    spec.tag = QStringLiteral("v1/links");
    spec.ref = QStringLiteral("main");
    (void)get<domain::Release>([&](auto done) { return releases->create(spec, std::move(done)); });
    domain::ReleaseLink link{ QStringLiteral("Report"), QStringLiteral("https://r.example.org/1"),
        QStringLiteral("runbook"), {} };
    const auto made = get<domain::ReleaseLink>(
        [&](auto done) { return releases->addLink(spec.tag, link, std::move(done)); });
    QVERIFY(!made.id.isEmpty());
    const auto twice = refused<domain::ReleaseLink>(
        [&](auto done) { return releases->addLink(spec.tag, link, std::move(done)); });
    QCOMPARE(twice.kind, ErrorKind::Invalid);
    QVERIFY2(twice.serverWords.contains(QStringLiteral("taken")), qPrintable(words(twice)));
    domain::ReleaseLink change;
    change.id = made.id;
    change.name = QStringLiteral("Report 2");
    const auto changed = get<domain::ReleaseLink>(
        [&](auto done) { return releases->changeLink(spec.tag, change, std::move(done)); });
    QCOMPARE(changed.name, QStringLiteral("Report 2"));
    QCOMPARE(changed.url, link.url);
    QCOMPARE(changed.type, link.type);
    const auto links = [&] {
        return get<domain::Release>([&](auto done) {
            return releases->one(spec.tag, std::move(done));
        }).links;
    };
    QCOMPARE(links(), QList<domain::ReleaseLink>({ changed }));
    QVERIFY(answerOf<void>(
        [&](auto done) { return releases->removeLink(spec.tag, made.id, std::move(done)); }));
    QVERIFY(links().isEmpty());
}

void TestGitLabTopics::hooksAreTriedAndTheirDeliveriesListed()
{
    QTcpServer receiver; // answers everything with 200
    QVERIFY(receiver.listen(QHostAddress::LocalHost));
    QByteArray received;
    connect(&receiver, &QTcpServer::newConnection, this, [&] {
        QTcpSocket *socket = receiver.nextPendingConnection();
        connect(socket, &QTcpSocket::readyRead, socket, [&received, socket] {
            received += socket->readAll();
            socket->write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        });
    });
    ci::CiHooks *hooks = m_ci->hooks();
    ci::HookSpec spec;
    spec.url = QStringLiteral("http://127.0.0.1:%1/told").arg(receiver.serverPort());
    spec.token = QStringLiteral("s3cret-of-the-hook");
    const auto made
        = get<domain::Hook>([&](auto done) { return hooks->create(spec, std::move(done)); });
    QCOMPARE(made.url, *spec.url);
    QVERIFY(!made.tellsJobs && !made.tellsPipelines && made.verifiesTls);
    ci::HookSpec change;
    change.tellsPipelines = true;
    QVERIFY(get<domain::Hook>([&](auto done) {
        return hooks->change(made.id, change, std::move(done));
    }).tellsPipelines);
    // Off again: a pipeline of another test that ends meanwhile would be one event more.
    change.tellsPipelines = false;
    QVERIFY(!get<domain::Hook>([&](auto done) {
        return hooks->change(made.id, change, std::move(done));
    }).tellsPipelines);
    QVERIFY(answerOf<void>([&](auto done) {
        return hooks->test(made.id, ci::CiHooks::Subject::Pipelines, std::move(done));
    }));
    QTRY_VERIFY_WITH_TIMEOUT(received.contains("X-Gitlab-Token: s3cret-of-the-hook"), 30'000);
    QVERIFY(received.contains("Pipeline Hook"));
    using Events = QList<domain::HookEvent>;
    const auto events = [&] {
        return get<Events>([&](auto done) { return hooks->events(made.id, 20, std::move(done)); });
    };
    QTRY_COMPARE_WITH_TIMEOUT(events().size(), 1, 30'000);
    const domain::HookEvent event = events().first();
    QCOMPARE(event.status, QStringLiteral("200"));
    QCOMPARE(event.trigger, QStringLiteral("pipeline_hooks"));
    QCOMPARE(event.response, QStringLiteral("ok"));
    QVERIFY(answerOf<void>(
        [&](auto done) { return hooks->resend(made.id, event.id, std::move(done)); }));
    QTRY_COMPARE_WITH_TIMEOUT(events().size(), 2, 30'000);
    QCOMPARE(get<QList<domain::Hook>>([&](auto done) { return hooks->list(std::move(done)); }),
        QList<domain::Hook>({ get<domain::Hook>(
            [&](auto done) { return hooks->one(made.id, std::move(done)); }) }));
    QVERIFY(answerOf<void>([&](auto done) { return hooks->remove(made.id, std::move(done)); }));
    QCOMPARE(
        refused<domain::Hook>([&](auto done) { return hooks->one(made.id, std::move(done)); }).kind,
        ErrorKind::NotFound);
    spec.url = QStringLiteral("gopher://127.0.0.1/");
    QCOMPARE(
        refused<domain::Hook>([&](auto done) { return hooks->create(spec, std::move(done)); }).kind,
        ErrorKind::Invalid);
}

QTEST_GUILESS_MAIN(TestGitLabTopics)
#include "tst_gitlab_topics.moc"
