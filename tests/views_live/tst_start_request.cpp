// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/ci/gitlab/pipeline_request.h"
#include "tests/support/fault_server.h"
#include "views/runs/start_dialog.h"
#include "views/runs/variable_table.h"

#include <QComboBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace faultline;
using namespace faultline::tests;

namespace {

std::optional<Answer> gitlab(const Received &request)
{
    if (request.path.contains("/repository/branches"))
        return json(R"([{"name":"main"}])");
    if (request.path.contains("/repository/files/"))
        return json("suites:\n  resistance:\n    cases: [case-node-shutdown]\n");
    if (request.method == "POST")
        return json(R"({"id":7,"status":"created","ref":"main"})", 201);
    return {};
}

} // namespace

class TestStartRequest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theServerReceivesByteForByteWhatWasShown();
};

void TestStartRequest::theServerReceivesByteForByteWhatWasShown()
{
    FaultServer server;
    server.answerBy(gitlab);
    settings::Workspace workspace;
    workspace.gitlab.emplace();
    workspace.gitlab->url = server.url();
    workspace.gitlab->project = QStringLiteral("db team/stability");
    session::Session session(workspace, settings::Secrets{ "token-canary", {}, {}, {} });
    const views::Theme theme;
    views::StartDialog dialog(theme, session, [&](const domain::PipelineRequest &request) {
        return ci::gitlab::shownCreateRequest(
            workspace.gitlab->url, workspace.gitlab->project, request);
    });
    dialog.show();
    auto *choice = dialog.findChildren<QComboBox *>().at(1);
    QTRY_VERIFY_WITH_TIMEOUT(choice->count() == 1, 30'000);
    auto *variables = dialog.findChild<views::VariableTable *>();
    variables->append(QStringLiteral("SEED"), QStringLiteral("7"));
    variables->append(
        QStringLiteral("WORDS"), QStringLiteral("\"quoted\" \\ and\tté 中文 </script> %2"));
    const QString shown = dialog.findChild<QPlainTextEdit *>()->toPlainText();
    const QSignalSpy started(&dialog, &views::StartDialog::started);
    dialog.findChild<QPushButton *>(QStringLiteral("start"))->click();
    QTRY_COMPARE_WITH_TIMEOUT(started.count(), 1, 30'000);

    const Received sent = server.requests().last();
    QCOMPARE(sent.method, QByteArray("POST"));
    const QByteArray wanted = sent.method + ' ' + server.url().toEncoded() + sent.path
        + (sent.query.isEmpty() ? QByteArray() : '?' + sent.query) + "\n\n" + sent.body;
    QCOMPARE(shown.toUtf8(), wanted);
    QVERIFY(sent.body.contains("FAULTLINE_SUITE"));
    QVERIFY(!shown.contains(QStringLiteral("token-canary")));
}

QTEST_MAIN(TestStartRequest)
#include "tst_start_request.moc"
