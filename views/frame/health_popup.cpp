// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/frame/health_popup.h"

#include "views/frame/health_pill.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace faultline::views {

HealthPopup::HealthPopup(HealthPill &pill)
    : QFrame(&pill, Qt::Popup)
    , m_pill(pill)
    , m_facts(new FactList(tr("Connection %1").arg(pill.name()), this))
{
    setProperty("surface", QStringLiteral("raised"));
    setFixedWidth(400);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 12);
    layout->addWidget(m_facts);
    auto *buttons = new QHBoxLayout;
    buttons->setContentsMargins(16, 0, 16, 0);
    auto *retry = new QPushButton(tr("Retry now"), this);
    retry->setProperty("kind", QStringLiteral("primary"));
    connect(retry, &QPushButton::clicked, &m_pill, &HealthPill::retryRequested);
    auto *copy = new QPushButton(tr("Copy"), this);
    connect(copy, &QPushButton::clicked, this, [this] {
        QStringList lines;
        for (const Fact &fact : m_pill.facts())
            lines.append(fact.name + QStringLiteral(": ") + fact.value);
        QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
    });
    buttons->addWidget(retry);
    buttons->addWidget(copy);
    buttons->addStretch();
    layout->addLayout(buttons);
    connect(&m_pill, &HealthPill::healthChanged, this, &HealthPopup::refresh);
    m_countdown.setInterval(1000);
    connect(&m_countdown, &QTimer::timeout, this, &HealthPopup::refresh);
    m_countdown.start();
    refresh();
    retry->setFocus();
}

void HealthPopup::refresh()
{
    m_facts->setFacts(m_pill.facts());
    fitHeight();
}

/// adjustSize() asks for the height at the hint's width, where the texts wrap into more lines.
void HealthPopup::fitHeight()
{
    layout()->activate();
    setFixedHeight(layout()->totalHeightForWidth(width()));
}

void HealthPopup::showBelow(const QWidget &anchor)
{
    fitHeight();
    move(anchor.mapToGlobal(QPoint(0, anchor.height() + 4)));
    show();
}

} // namespace faultline::views
