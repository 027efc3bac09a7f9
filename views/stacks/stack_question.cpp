// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/stacks/stack_question.h"

#include "views/widgets/plain_label.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace faultline::views {

StackQuestion::StackQuestion(const Theme &theme, const Text &text, QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(text.action);
    setModal(true);
    setFixedWidth(440);
    auto *heading = new PlainLabel(text.heading, "heading", this);
    heading->setWordWrap(true);
    auto *explanation = new PlainLabel(text.explanation, "muted", this);
    explanation->setWordWrap(true);
    auto *keep = new QPushButton(tr("Keep it"), this);
    auto *act = new QPushButton(text.action, this);
    act->setObjectName(QStringLiteral("act"));
    act->setIcon(theme.icon(QStringLiteral("remove"), Token::OnStop));
    act->setProperty("kind", QStringLiteral("danger"));
    connect(keep, &QPushButton::clicked, this, &QDialog::reject);
    connect(act, &QPushButton::clicked, this, &QDialog::accept);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 16);
    layout->setSpacing(10);
    layout->addWidget(heading);
    layout->addWidget(explanation);
    if (!text.typedName.isEmpty()) {
        auto *name = new QLineEdit(this);
        name->setPlaceholderText(text.typedName);
        name->setFont(Theme::font(TextRole::Mono));
        name->setAccessibleName(tr("Type the name to confirm"));
        act->setEnabled(false);
        connect(name, &QLineEdit::textChanged, act,
            [act, wanted = text.typedName](
                const QString &typed) { act->setEnabled(typed == wanted); });
        layout->addWidget(name);
        name->setFocus();
    } else {
        // Enter answers the safe way; taking something away takes a decision.
        keep->setFocus();
    }
    keep->setDefault(true);
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(keep);
    buttons->addWidget(act);
    layout->addSpacing(6);
    layout->addLayout(buttons);
}

} // namespace faultline::views
