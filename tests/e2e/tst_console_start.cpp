// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/console.h"
#include "app/console/open_workspace.h"
#include "models/runs_model.h"
#include "models/stack_tree_model.h"
#include "tests/e2e/lab_process.h"
#include "views/frame/page.h"
#include "views/logs/log_panel.h"
#include "views/runs/runs_page.h"
#include "views/runs/start_dialog.h"

#include <QAbstractProxyModel>
#include <QApplication>
#include <QComboBox>
#include <QElapsedTimer>
#include <QPushButton>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>
#include <QTreeView>

using namespace faultline;
using namespace faultline::tests;

namespace {

QPushButton *visibleButton(QWidget *parent, const QString &text)
{
    const auto buttons = parent->findChildren<QPushButton *>();
    for (QPushButton *button : buttons) {
        if (button->isVisible() && button->text().trimmed() == text)
            return button;
    }
    return nullptr;
}

/// The model of a page's tree, behind its proxies.
template <typename Model>
Model *modelOf(QWidget *page)
{
    const auto *tree = page->findChild<QTreeView *>();
    QAbstractItemModel *model = tree ? tree->model() : nullptr;
    while (auto *proxy = qobject_cast<QAbstractProxyModel *>(model))
        model = proxy->sourceModel();
    return qobject_cast<Model *>(model);
}

/// The states of the top rows of the Stacks page whose name begins with `start`, each once in a
/// row; "gone" when they have left.
class TreeWatch : public QObject
{
public:
    TreeWatch(models::StackTreeModel &model, QString start)
        : m_model(model)
        , m_start(std::move(start))
    {
        for (const auto signal :
            { &QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved })
            connect(&model, signal, this, &TreeWatch::look);
        connect(&model, &QAbstractItemModel::dataChanged, this, &TreeWatch::look);
        connect(&model, &QAbstractItemModel::modelReset, this, &TreeWatch::look);
    }
    [[nodiscard]] QString states() const { return m_states.join(QLatin1Char('>')); }

private:
    void look()
    {
        QString now = m_states.isEmpty() ? QString() : QStringLiteral("gone");
        for (int row = 0; row < m_model.rowCount(); ++row) {
            const QModelIndex index = m_model.index(row, models::StackTreeModel::NameColumn);
            const domain::Stack *stack = m_model.stack(index);
            if (stack && stack->name.startsWith(m_start))
                now = m_model.index(row, models::StackTreeModel::StateColumn).data().toString();
        }
        if (!now.isEmpty() && (m_states.isEmpty() || m_states.last() != now))
            m_states += now;
    }

    models::StackTreeModel &m_model;
    QString m_start;
    QStringList m_states;
};

} // namespace

/// What a person does: opens the console, presses Start, chooses the case, presses Start, watches.
class tst_console_start : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void theStartButtonRunsACase();
    void nothingIsLeftBehind();

private:
    void startCase(console::Console &console, const QString &name);
    [[nodiscard]] static QString logText(console::Console &console);

    std::unique_ptr<LabProcess> m_lab;
};

void tst_console_start::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    if (!LabProcess::dockerHost())
        QSKIP("no Docker Engine answers (FAULTLINE_DOCKER_HOST, DOCKER_HOST)");
    m_lab = std::make_unique<LabProcess>();
    QVERIFY2(m_lab->start(), qPrintable(m_lab->why()));
    const auto pushed = m_lab->push(QStringLiteral(FAULTLINE_SOURCE_DIR "/resources/sample-repo"));
    QVERIFY2(pushed.exitCode == 0, pushed.text().constData());
    QVERIFY(m_lab->endPushedPipeline());
}

void tst_console_start::startCase(console::Console &console, const QString &name)
{
    QWidget *runs = console.window().page(QStringLiteral("runs"));
    QVERIFY(runs);
    QPushButton *start = visibleButton(runs, QStringLiteral("Start a case"));
    QVERIFY(start);
    QTest::mouseClick(start, Qt::LeftButton);
    views::StartDialog *dialog = nullptr;
    QTRY_VERIFY(
        (dialog = console.window().findChild<views::StartDialog *>()) && dialog->isVisible());

    const auto combos = dialog->findChildren<QComboBox *>();
    QComboBox *ref = nullptr;
    QComboBox *choice = nullptr;
    for (QComboBox *combo : combos) {
        if (combo->accessibleName() == QStringLiteral("Branch or tag"))
            ref = combo;
        if (combo->accessibleName() == QStringLiteral("Suite or case"))
            choice = combo;
    }
    QVERIFY(ref && choice);
    QTRY_COMPARE_WITH_TIMEOUT(ref->currentText(), QStringLiteral("main"), 10'000);
    QPushButton *oneCase = visibleButton(dialog, QStringLiteral("One case"));
    QVERIFY(oneCase);
    QTest::mouseClick(oneCase, Qt::LeftButton);
    // From the repository's suites.yaml, read through the server.
    QTRY_VERIFY_WITH_TIMEOUT(choice->findText(name) >= 0, 10'000);
    choice->setCurrentIndex(choice->findText(name));
    QCOMPARE(dialog->request().variables.value(QStringLiteral("FAULTLINE_CASE")), name);

    auto *send = dialog->findChild<QPushButton *>(QStringLiteral("start"));
    QVERIFY(send);
    QTRY_VERIFY_WITH_TIMEOUT(send->isEnabled(), 10'000);
    QSignalSpy started(dialog, &views::StartDialog::started);
    QTest::mouseClick(send, Qt::LeftButton);
    QTRY_COMPARE_WITH_TIMEOUT(started.count(), 1, 10'000);
}

QString tst_console_start::logText(console::Console &console)
{
    const auto *panel = console.window().findChild<views::LogPanel *>();
    QString out;
    for (int line = 0; panel && line < panel->document().lineCount(); ++line)
        out += QString::fromUtf8(QByteArrayView(panel->document().line(line).text))
            + QLatin1Char('\n');
    return out;
}

void tst_console_start::theStartButtonRunsACase()
{
    const QString name = QStringLiteral("case-node-shutdown");
    views::Theme theme(views::Theme::Scheme::Dark);
    theme.apply(*qApp);
    console::Console console(theme);
    console.show();
    QSignalSpy opened(&console, &console::Console::opened);
    console.openFile(m_lab->workspaceFile());
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, 10'000);

    auto *stacks = modelOf<models::StackTreeModel>(console.window().page(QStringLiteral("stacks")));
    QVERIFY(stacks);
    auto *runs = modelOf<models::RunsModel>(console.window().page(QStringLiteral("runs")));
    QVERIFY(runs);
    const TreeWatch tree(*stacks, name + QLatin1Char('-'));

    QTRY_VERIFY_WITH_TIMEOUT(runs->jobCount() > 0, 10'000);
    const int before = runs->jobCount();
    startCase(console, name);
    if (QTest::currentTestFailed())
        return;
    QElapsedTimer timer;
    timer.start();
    // The new pipeline is the first row, its only job the case.
    QTRY_COMPARE_WITH_TIMEOUT(runs->jobCount(), before + 1, 10'000);
    const auto row = [&] { return runs->row(runs->index(0, 0, runs->index(0, 0))); };
    QTRY_COMPARE_WITH_TIMEOUT(row().name, name, 10'000);
    qInfo("the job was seen %lld ms after Start", timer.elapsed());
    QTRY_COMPARE_WITH_TIMEOUT(row().verdict, models::Verdict::Running, 60'000);

    console.workspace()->openLog(row().jobId);
    QTRY_VERIFY_WITH_TIMEOUT(row().verdict != models::Verdict::Running, 200'000);
    QVERIFY2(
        row().verdict == models::Verdict::Pass, qPrintable(row().verdictText + logText(console)));
    qInfo("the case passed after %.1f s", double(timer.elapsed()) / 1000);

    QTRY_VERIFY_WITH_TIMEOUT(logText(console).contains(QStringLiteral("passing")), 30'000);
    QVERIFY2(logText(console).contains(name), qPrintable(logText(console)));
    QTRY_VERIFY_WITH_TIMEOUT(tree.states().endsWith(QStringLiteral(">gone")), 10'000);
    qInfo("states in the tree: %s", qPrintable(tree.states()));
    QVERIFY2(
        tree.states().contains(QStringLiteral("activating>active")), qPrintable(tree.states()));
}

void tst_console_start::nothingIsLeftBehind()
{
    QTRY_COMPARE_WITH_TIMEOUT(m_lab->leftovers(), QStringList(), 10'000);
    QVERIFY(m_lab->stop());
    const auto removed = m_lab->removeAll();
    QVERIFY2(removed.exitCode == 0, removed.text().constData());
}

QTEST_MAIN(tst_console_start)
#include "tst_console_start.moc"
