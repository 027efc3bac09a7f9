// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/welcome_page.h"

#include "views/widgets/banner.h"
#include "views/widgets/empty_state.h"

#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace faultline::views {

WelcomePage::WelcomePage(const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_banner(new Banner(theme, this))
    , m_state(new EmptyState(theme, QStringLiteral("logo"), this))
    , m_lab(m_state->addAction(tr("Use the lab on this machine"), QStringLiteral("start"), true))
    , m_file(m_state->addAction(tr("Open a workspace file…"), QStringLiteral("folder"), false))
    , m_cancel(m_state->addAction(tr("Cancel"), {}, false))
    , m_progress(new QProgressBar(this))
{
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 24, 24, 24);
    layout->addWidget(m_banner);
    layout->addWidget(m_state, 1);
    layout->addWidget(m_progress);
    connect(m_lab, &QPushButton::clicked, this, &WelcomePage::labChosen);
    connect(m_file, &QPushButton::clicked, this, &WelcomePage::fileChosen);
    connect(m_cancel, &QPushButton::clicked, this, &WelcomePage::cancelled);
    showChoice();
}

void WelcomePage::showChoice()
{
    m_banner->dismiss();
    m_state->setText(tr("Open a workspace"),
        tr("A workspace is one GitLab project, whose jobs are the test cases, and the Rancher "
           "environment that runs "
           "their clusters. It is a YAML file that names both servers and where their tokens are "
           "kept.\n\n"
           "The lab is both servers in one program on this machine: real jobs and real containers, "
           "nothing to set "
           "up but a Docker Engine."));
    m_lab->show();
    m_file->show();
    m_cancel->hide();
    m_progress->hide();
    m_lab->setFocus();
}

void WelcomePage::showProgress(const QString &what, const QString &details)
{
    m_banner->dismiss();
    m_state->setText(what, details);
    m_lab->hide();
    m_file->hide();
    m_cancel->show();
    m_progress->show();
}

void WelcomePage::showError(const domain::Error &error)
{
    showChoice();
    m_banner->showError(error);
}

} // namespace faultline::views
