// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench_ui/pictures.h"

#include "models/stack_tree_model.h"
#include "tests/bench_ui/fixtures.h"
#include "views/logs/log_view.h"
#include "views/logs/search_bar.h"
#include "views/stacks/stack_table.h"
#include "views/stacks/stacks_page.h"

#include <QApplication>
#include <QDir>
#include <QLineEdit>
#include <QTimer>
#include <QVBoxLayout>

namespace faultline::bench {

namespace {

stacks::StackDelta colourful()
{
    stacks::StackDelta delta = stackSnapshot(6, 3, 3);
    using domain::State;
    delta.stacks.added[1].life.state = State::Activating;
    delta.stacks.added[1].life.transitioning = domain::Transitioning::Yes;
    delta.stacks.added[1].life.transitioningMessage
        = QStringLiteral("Pulling image pingcap/tikv:v8.5.1");
    delta.services.added[1].life.health = domain::Health::Degraded;
    delta.services.added[1].currentScale = 2;
    delta.containers.added[4].life.state = State::Error;
    delta.containers.added[4].life.transitioning = domain::Transitioning::Error;
    delta.containers.added[4].life.transitioningMessage
        = QStringLiteral("Bind for 0.0.0.0:2379 failed: port is already allocated");
    delta.containers.added[4].externalId = QStringLiteral("3f2a77bb1c09d4e5f60718293a4b5c6d7e8f");
    delta.containers.added[4].startCount = 3;
    delta.containers.added[2].life.state = State::Stopped;
    delta.containers.added[5].life.state = State::Restarting;
    for (domain::Stack &stack : delta.stacks.added)
        stack.life.actions
            += { QStringLiteral("activateservices"), QStringLiteral("deactivateservices") };
    for (domain::Container &container : delta.containers.added)
        container.life.actions = { QStringLiteral("start"), QStringLiteral("remove") };
    return delta;
}

QByteArray sampleLog()
{
    const auto at = [](int ms, const char *stream) {
        return QByteArray("2026-11-23T14:21:") + QByteArray::number(10 + ms / 1000) + "."
            + QByteArray::number(ms % 1000).rightJustified(3, '0') + "000Z " + stream + " ";
    };
    QByteArray log = at(1, "00O") + "Running with gitlab-runner 18.7.0 (a1b2c3d4)\n";
    log += at(3, "00O")
        + "\x1b[0Ksection_start:1700000000:get_sources\r\x1b[0K\x1b[36;1mGetting source from Git "
          "repository\x1b[0;m\n";
    log += at(40, "00O") + "\x1b[32;1mFetching changes with git depth set to 20...\x1b[0;m\n";
    log += at(310, "01O") + "HEAD is now at 4f2c1ab raftstore: batch ready\n";
    log += at(320, "00O") + "\x1b[0Ksection_end:1700000004:get_sources\r\x1b[0K\n";
    log += at(330, "00O")
        + "\x1b[0Ksection_start:1700000004:step_script\r\x1b[0K\x1b[36;1mExecuting \"step_script\" "
          "stage of the job script\x1b[0;m\n";
    log += at(400, "01O") + "$ npx mocha tests/resistance/case-node-shutdown\n\n";
    log += at(900, "01O") + "  case-node-shutdown\n";
    log += at(1400, "01O")
        + "    \x1b[32m\xE2\x9C\x94\x1b[0m\x1b[90m starts three members (8123ms)\x1b[0m\n";
    log += at(2000, "01O")
        + "kill pd-1: in force (probe: connection refused after 0.4 s) ##faultline "
          "{\"type\":\"fault\",\"state\":\"inForce\"}\n";
    log += at(2300, "01E")
        + "{\"level\":\"warn\",\"msg\":\"lost the TCP streaming connection with remote peer\"}\n";
    log += at(2500, "01O")
        + "    \x1b[32m\xE2\x9C\x94\x1b[0m\x1b[90m writes go on while one member is down "
          "(5210ms)\x1b[0m\n";
    log += at(3100, "01O") + "    \x1b[31m1) reads the last value after it is back\x1b[0m\n";
    log += at(3200, "01E")
        + "\x1b[41m\x1b[37m AssertionError \x1b[0m expected 99 998 700 to equal 100 000 000\n";
    log += at(3300, "01O")
        + "\x1b[38;5;208morange\x1b[0m \x1b[1mbold\x1b[0m \x1b[3mitalic\x1b[0m "
          "\x1b[4munderlined\x1b[0m \x1b[94mblue\x1b[0m \x1b[35mmagenta\x1b[0m "
          "\xE4\xB8\xAD\xE6\x96\x87 text\ttab\n";
    log += at(3400, "00O") + "\x1b[31;1mERROR: Job failed: exit code 1\x1b[0;m\n";
    return log;
}

void picture(QWidget &widget, const QString &folder, const QString &name)
{
    QEventLoop loop;
    QTimer::singleShot(200, &loop, &QEventLoop::quit); // delayed refreshes
    loop.exec();
    widget.grab().save(QDir(folder).filePath(name + QStringLiteral(".png")));
}

void pictureStacks(views::Theme &theme, const QString &folder, const QString &suffix)
{
    session::Session session{ session::Session::Factories{} };
    models::StackTreeModel model(
        [] { return QDateTime(QDate(2026, 11, 23), QTime(10, 20), Qt::UTC); });
    QWidget frame;
    auto *layout = new QHBoxLayout(&frame);
    layout->setContentsMargins(0, 0, 0, 0);
    auto *page = new views::StacksPage(theme, model, session);
    layout->addWidget(page, 1);
    QWidget *inspector = page->inspector();
    inspector->setParent(&frame);
    inspector->setFixedWidth(views::metrics::inspector);
    inspector->setVisible(true);
    layout->addWidget(inspector);
    frame.resize(1368, 820);
    frame.show();
    domain::FeedHealth health;
    health.kind = domain::FeedHealth::Kind::Live;
    page->setHealth(health);
    picture(frame, folder, QStringLiteral("stacks-empty-") + suffix);
    model.apply(colourful());
    page->table()->setCurrentIndex(model.indexOf(domain::ContainerId(QStringLiteral("1i4"))));
    picture(frame, folder, QStringLiteral("stacks-") + suffix);
    page->table()->setCurrentIndex(model.indexOf(domain::ServiceId(QStringLiteral("1s1"))));
    page->filterField()->setText(QStringLiteral("tikv"));
    picture(frame, folder, QStringLiteral("stacks-filtered-") + suffix);
}

void pictureLog(views::Theme &theme, const QString &folder, const QString &suffix)
{
    models::LogDocument document;
    models::LogSearch search(document);
    QWidget frame;
    auto *layout = new QVBoxLayout(&frame);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    auto *view = new views::LogView(theme, document, search);
    auto *bar = new views::SearchBar(theme, search, *view);
    layout->addWidget(bar);
    layout->addWidget(view, 1);
    frame.resize(1060, 400);
    frame.show();
    document.append(sampleLog());
    document.finish();
    bar->open();
    bar->findChild<QLineEdit *>()->setText(QStringLiteral("member"));
    for (int i = 0; i < 10; ++i)
        QApplication::processEvents(QEventLoop::AllEvents, 20);
    bar->next();
    picture(frame, folder, QStringLiteral("log-") + suffix);
}

} // namespace

void takePictures(views::Theme &theme, const QString &folder)
{
    QDir().mkpath(folder);
    for (const auto scheme : { views::Theme::Scheme::Dark, views::Theme::Scheme::Light }) {
        theme.setScheme(scheme);
        const QString suffix = scheme == views::Theme::Scheme::Dark ? QStringLiteral("dark")
                                                                    : QStringLiteral("light");
        pictureStacks(theme, folder, suffix);
        pictureLog(theme, folder, suffix);
    }
}

} // namespace faultline::bench
