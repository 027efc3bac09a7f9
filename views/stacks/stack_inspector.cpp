// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/stacks/stack_inspector.h"

#include "models/age_words.h"
#include "views/widgets/fact_list.h"
#include "views/widgets/icon_label.h"
#include "views/widgets/plain_label.h"
#include "views/widgets/tone.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace faultline::views {

namespace {

QFrame *separator(QWidget *parent)
{
    auto *line = new QFrame(parent);
    line->setProperty("surface", QStringLiteral("line"));
    line->setFixedHeight(1);
    return line;
}

QString portWords(const domain::PortBinding &port)
{
    const QString inside = QStringLiteral("%1/%2").arg(port.containerPort).arg(port.protocol);
    if (port.hostPort == 0)
        return inside;
    const QString address = port.hostAddress.isEmpty() ? QStringLiteral("*") : port.hostAddress;
    return QStringLiteral("%1:%2 → %3").arg(address).arg(port.hostPort).arg(inside);
}

} // namespace

domain::JobId runOf(const models::StackTreeModel &model, const QModelIndex &index)
{
    return domain::JobId(model.labelOf(index, QStringLiteral("faultline.job")).toLongLong());
}

StackInspector::StackInspector(
    const Theme &theme, const models::StackTreeModel &model, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_model(model)
    , m_content(new QWidget(this))
    , m_nothing(new PlainLabel(
          tr("Select a stack, a service or a container to see its facts."), "muted", this))
    , m_facts(new FactList(tr("Facts"), m_content))
    , m_ids(new FactList(tr("Ids"), m_content))
    , m_labels(new FactList(tr("Labels"), m_content))
{
    auto *column = new QVBoxLayout(m_content);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeader());
    column->addWidget(makeWords());
    column->addWidget(makeActions());
    for (FactList *facts : { m_facts, m_ids, m_labels }) {
        column->addWidget(separator(m_content));
        column->addWidget(facts);
    }
    column->addStretch();
    auto *scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(m_content);
    scroll->viewport()->setAutoFillBackground(false);
    m_content->setAutoFillBackground(false);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_nothing->setContentsMargins(16, 16, 16, 0);
    m_nothing->setWordWrap(true);
    layout->addWidget(m_nothing, 0, Qt::AlignTop);
    layout->addWidget(scroll, 1);
    showRow({});
}

QWidget *StackInspector::makeHeader()
{
    auto *header = new QWidget(m_content);
    auto *layout = new QVBoxLayout(header);
    layout->setContentsMargins(16, 14, 16, 12);
    layout->setSpacing(6);
    auto *line = new QHBoxLayout;
    line->setSpacing(6);
    m_stateIcon = new IconLabel(m_theme, 14, header);
    m_state = new PlainLabel({}, "strong", header);
    line->addWidget(m_stateIcon);
    line->addWidget(m_state, 1);
    m_name = new PlainLabel({}, "heading", header);
    m_name->setWordWrap(true);
    m_name->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addLayout(line);
    layout->addWidget(m_name);
    return header;
}

QWidget *StackInspector::makeWords()
{
    auto *outside = new QWidget(m_content);
    auto *margins = new QVBoxLayout(outside);
    margins->setContentsMargins(16, 0, 16, 0);
    m_wordsBox = new QFrame(outside);
    auto *layout = new QVBoxLayout(m_wordsBox);
    layout->setContentsMargins(12, 8, 12, 10);
    layout->setSpacing(2);
    layout->addWidget(new PlainLabel(tr("The server says"), "caption", m_wordsBox));
    m_words = new PlainLabel({}, "", m_wordsBox);
    m_words->setWordWrap(true);
    m_words->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_words);
    margins->addWidget(m_wordsBox);
    margins->addSpacing(12);
    return outside;
}

QWidget *StackInspector::makeActions()
{
    auto *box = new QWidget(m_content);
    auto *layout = new QHBoxLayout(box);
    layout->setContentsMargins(16, 0, 16, 14);
    m_run = new QPushButton(QLatin1Char(' ') + tr("Run"), box);
    m_run->setObjectName(QStringLiteral("run"));
    m_run->setIcon(m_theme.icon(QStringLiteral("runs"), Token::Muted));
    layout->addWidget(m_run);
    layout->addStretch();
    box->hide();
    connect(m_run, &QPushButton::clicked, this, [this] { Q_EMIT runRequested(m_runId); });
    return box;
}

void StackInspector::showRow(const QModelIndex &index)
{
    const domain::Lifecycle *life = index.isValid() ? m_model.life(index) : nullptr;
    m_content->setVisible(life != nullptr);
    m_nothing->setVisible(life == nullptr);
    if (life == nullptr)
        return;
    showHeader(index, *life);
    m_runId = runOf(m_model, index);
    m_run->parentWidget()->setVisible(!m_runId.isEmpty());
    m_run->setToolTip(
        tr("Show job %1, which made this stack, on the Runs page (Ctrl+R)").arg(m_runId.value()));
    if (const domain::Stack *stack = m_model.stack(index))
        showStack(*stack, index);
    else if (const domain::Service *service = m_model.service(index))
        showService(*service);
    else if (const domain::Container *container = m_model.container(index))
        showContainer(*container);
}

void StackInspector::showHeader(const QModelIndex &index, const domain::Lifecycle &life)
{
    const domain::Tone tone = domain::toneOf(life);
    m_stateIcon->setIcon(iconFor(tone), tokenFor(tone));
    m_state->setPlainText(domain::shownState(life));
    m_state->setTone(toneName(tone));
    m_name->setPlainText(index.siblingAtColumn(0).data().toString());
    const QString words = life.transitioningMessage.left(2000);
    const bool hasFailed = life.transitioning == domain::Transitioning::Error;
    const QString surface = hasFailed ? QStringLiteral("error") : QStringLiteral("notice");
    if (m_wordsBox->property("surface").toString() != surface) {
        m_wordsBox->setProperty("surface", surface);
        m_wordsBox->setStyle(
            style()); // a style sheet looks at properties only when it is polished anew
    }
    m_words->setPlainText(words);
    m_wordsBox->parentWidget()->setVisible(!words.isEmpty());
}

QList<Fact> StackInspector::times(const domain::Lifecycle &life) const
{
    const QString age = models::ageWords(life.created, QDateTime::currentDateTimeUtc());
    QString health = life.health.text();
    if (health.isEmpty())
        health = tr("no health check");
    return { { tr("State"), life.state.text() }, { tr("Health"), health },
        { tr("Age"), age, false, "", life.created.toLocalTime().toString(Qt::ISODate) } };
}

void StackInspector::showStack(const domain::Stack &stack, const QModelIndex &index)
{
    const models::StackTreeModel::Content content = m_model.contentOf(index);
    QList<Fact> facts{ { tr("Kind"), stack.system ? tr("system stack") : tr("stack") } };
    facts += times(stack.life);
    facts += { { tr("Services"), QString::number(content.services) },
        { tr("Containers"), QString::number(content.containers) },
        { tr("Description"), stack.description } };
    m_facts->setFacts(facts);
    m_ids->setFacts({ { tr("Stack"), stack.id.value(), true } });
    showLabels({});
}

void StackInspector::showService(const domain::Service &service)
{
    QList<Fact> facts{ { tr("Kind"), service.kind.isEmpty() ? tr("service") : service.kind } };
    facts += times(service.life);
    facts += { { tr("Image"), service.image, true },
        { tr("Scale"), tr("%1 of %2").arg(service.currentScale).arg(service.scale) } };
    m_facts->setFacts(facts);
    m_ids->setFacts({ { tr("Service"), service.id.value(), true },
        { tr("Stack"), service.stackId.value(), true } });
    showLabels(service.labels);
}

void StackInspector::showContainer(const domain::Container &container)
{
    QStringList ports;
    for (const domain::PortBinding &port : container.ports)
        ports.append(portWords(port));
    const domain::Host *host = m_model.host(container.hostId);
    QList<Fact> facts{ { tr("Kind"), tr("container") } };
    facts += times(container.life);
    facts += { { tr("Image"), container.image, true },
        { tr("Host"), host == nullptr ? container.hostId.value() : host->name, true, "",
            host == nullptr ? QString() : host->address },
        { tr("Address"), container.primaryAddress, true },
        { tr("Ports"), ports.join(QLatin1Char('\n')), true },
        { tr("Starts"),
            container.startCount > 0 ? QString::number(container.startCount) : QString(), false,
            container.startCount > 1 ? "warning" : "" } };
    m_facts->setFacts(facts);
    m_ids->setFacts({ { tr("Container"), container.id.value(), true },
        { tr("Docker"), container.externalId.left(12), true, "", container.externalId },
        { tr("Service"), container.serviceId.value(), true },
        { tr("Stack"), container.stackId.value(), true } });
    showLabels(container.labels);
}

void StackInspector::showLabels(const QMap<QString, QString> &labels)
{
    constexpr int maxLabels = 100;
    QList<Fact> own;
    QList<Fact> others;
    for (auto label = labels.cbegin();
         label != labels.cend() && own.size() + others.size() < maxLabels; ++label) {
        const bool isOurs = label.key().startsWith(QLatin1StringView("faultline."));
        (isOurs ? own : others).append({ label.key().left(200), label.value().left(500), true });
    }
    m_labels->setFacts(own + others);
    m_labels->setVisible(!labels.isEmpty());
}

} // namespace faultline::views
