// SPDX-License-Identifier: GPL-3.0-or-later
// Prints figures of the console's models and views beside those of Qt's own; see docs and design
// "speed".
#include "tests/bench_ui/goals.h"
#include "tests/bench_ui/pictures.h"
#include "tests/bench_ui/storm.h"
#include "tests/bench_ui/tree_race.h"
#include "views/theme/theme.h"

#include <QApplication>

int main(int argc, char *argv[])
{
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    faultline::views::Theme theme;
    theme.apply(application);
    const QStringList arguments = QApplication::arguments();
    const auto valueOf = [&arguments](const QString &name) {
        const qsizetype at = arguments.indexOf(name);
        return at < 0 ? QString() : arguments.value(at + 1);
    };
    if (const QString folder = valueOf(QStringLiteral("--pictures")); !folder.isEmpty()) {
        faultline::bench::takePictures(theme, folder);
        return 0;
    }
    const int wanted = valueOf(QStringLiteral("--seconds")).toInt();
    const int seconds = wanted > 0 ? wanted : 10;
    const QString only = valueOf(QStringLiteral("--only")); // storm, trees, changes; empty: all
    const auto wants
        = [&only](const char *part) { return only.isEmpty() || only == QLatin1StringView(part); };
    faultline::bench::Goals goals;
    bool isRight = !wants("storm") || faultline::bench::runStorms(theme, seconds, goals);
    isRight = (!wants("trees") || faultline::bench::raceTrees(goals)) && isRight;
    isRight
        = (!wants("changes") || faultline::bench::raceChanges(theme, seconds, goals)) && isRight;
    goals.print();
    return isRight ? 0 : 1;
}
