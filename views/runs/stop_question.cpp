// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/runs/stop_question.h"

#include "views/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace faultline::views {

StopQuestion::StopQuestion(const Theme &theme, const QString &name, QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Stop a run"));
    setModal(true);
    setFixedWidth(440);
    auto *heading = new PlainLabel(tr("Stop %1?").arg(name), "heading", this);
    heading->setWordWrap(true);
    auto *explanation
        = new PlainLabel(tr("The job gets a signal and may still clean up; it shows \"stopping\" "
                            "until the server says that it ended. "
                            "A cluster that its script doesn't remove stays on the Stacks page."),
            "muted", this);
    explanation->setWordWrap(true);
    auto *keep = new QPushButton(tr("Let it run"), this);
    auto *stop = new QPushButton(QLatin1Char(' ') + tr("Stop it"), this);
    stop->setObjectName(QStringLiteral("stop"));
    stop->setIcon(theme.icon(QStringLiteral("stop"), Token::OnStop));
    stop->setProperty("kind", QStringLiteral("danger"));
    connect(keep, &QPushButton::clicked, this, &QDialog::reject);
    connect(stop, &QPushButton::clicked, this, &QDialog::accept);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(keep);
    buttons->addWidget(stop);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 16);
    layout->setSpacing(10);
    layout->addWidget(heading);
    layout->addWidget(explanation);
    layout->addSpacing(6);
    layout->addLayout(buttons);
    // Enter answers the safe way; stopping takes a decision.
    keep->setDefault(true);
    keep->setFocus();
}

} // namespace faultline::views
