// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/future_page.h"

#include "views/widgets/empty_state.h"

#include <QVBoxLayout>

namespace faultline::views {

FuturePage::FuturePage(
    const Theme &theme, QString key, QString title, const QString &explanation, QWidget *parent)
    : Page(parent)
    , m_key(std::move(key))
    , m_title(std::move(title))
{
    auto *layout = new QVBoxLayout(this);
    auto *state = new EmptyState(theme, m_key, this);
    state->setText(tr("%1: not in this version").arg(m_title), explanation);
    layout->addWidget(state);
}

QList<Page *> FuturePage::all(const Theme &theme)
{
    const auto page
        = [&theme](const char *key, const QString &title, const QString &explanation) -> Page * {
        return new FuturePage(theme, QString::fromLatin1(key), title, explanation);
    };
    return {
        page("timeline", tr("Timeline"),
            tr("All runs of the workspace on one time axis, with faults as bars and findings as "
               "marks. Until then, "
               "the Runs page shows when each case started and how long it took.")),
        page("scenes", tr("Scenes"),
            tr("Clusters of failed runs that were kept so that someone can go in: who owns them, "
               "until when, and the "
               "ways in. Until then, kept clusters are on the Stacks page.")),
        page("reports", tr("Reports"),
            tr("Pass rate, flakiness and latency per case over time, and the comparison of two "
               "runs.")),
        page("schedules", tr("Schedules"),
            tr("Pipeline schedules and triggers: next run, last result, missed runs, run now.")),
        page("fleet", tr("Fleet"),
            tr("Runners and hosts: which are alive, what they do, and their load.")),
        page("settings", tr("Settings"),
            tr("Connections, tokens, notifications and language. Until then, connections are set "
               "in the workspace "
               "file, and the theme and language by --theme and --language.")),
    };
}

} // namespace faultline::views
