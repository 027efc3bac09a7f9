// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/runs/start_dialog.h"

#include "views/runs/variable_table.h"
#include "views/widgets/banner.h"
#include "views/widgets/plain_label.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace faultline::views {

namespace {
constexpr int typingPauseMs = 350;
const QLatin1StringView suiteVariable("FAULTLINE_SUITE");
const QLatin1StringView caseVariable("FAULTLINE_CASE");
} // namespace

StartDialog::StartDialog(const Theme &theme, session::Session &session,
    std::function<QString(const domain::PipelineRequest &)> preview, QWidget *parent)
    : QDialog(parent)
    , m_theme(theme)
    , m_session(session)
    , m_makePreview(std::move(preview))
    , m_banner(new Banner(theme, this))
    , m_ref(new QComboBox(this))
    , m_choiceWords(new PlainLabel({}, "caption", this))
    , m_variables(new VariableTable(theme, this))
    , m_preview(new QPlainTextEdit(this))
{
    setWindowTitle(tr("Start a case"));
    setModal(true);
    resize(640, 640);
    buildForm();
    m_refTyped.setSingleShot(true);
    m_refTyped.setInterval(typingPauseMs);
    connect(&m_refTyped, &QTimer::timeout, this, &StartDialog::readSuites);
    connect(m_ref, &QComboBox::currentTextChanged, this, [this] {
        m_refTyped.start();
        refresh();
    });
    connect(m_choice, &QComboBox::currentTextChanged, this, &StartDialog::refresh);
    connect(m_variables, &VariableTable::changed, this, &StartDialog::refresh);
    readBranches();
    refresh();
    m_choice->setFocus();
}

void StartDialog::buildForm()
{
    m_ref->setEditable(true);
    m_ref->setInsertPolicy(QComboBox::NoInsert);
    m_ref->setAccessibleName(tr("Branch or tag"));
    m_choiceWords->setWordWrap(true);
    m_preview->setReadOnly(true);
    m_preview->setFont(Theme::font(TextRole::Mono));
    m_preview->setAccessibleName(tr("The request that will be sent"));
    m_preview->setMinimumHeight(120);

    auto *form = new QFormLayout;
    form->setHorizontalSpacing(16);
    form->setVerticalSpacing(10);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setLabelAlignment(Qt::AlignLeft);
    const auto row = [&](const QString &text, QWidget *field) {
        auto *label = new PlainLabel(text, "muted", this);
        label->setFixedSize(96, metrics::control);
        form->addRow(label, field);
    };
    row(tr("Branch or tag"), m_ref);
    row(tr("Run"), makeChoice());
    row(tr("Variables"), m_variables);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 18, 20, 16);
    layout->setSpacing(10);
    layout->addWidget(new PlainLabel(tr("Start a case"), "title", this));
    layout->addWidget(m_banner);
    layout->addLayout(form);
    layout->addWidget(new PlainLabel(tr("Variables can be read by every job and stay with the "
                                        "pipeline: don't put a secret here."),
        "caption", this));
    layout->addSpacing(4);
    layout->addWidget(new PlainLabel(tr("This is sent"), "muted", this));
    layout->addWidget(m_preview, 1);
    layout->addWidget(makeButtons());
}

QWidget *StartDialog::makeChoice()
{
    auto *box = new QWidget(this);
    m_bySuite = new QPushButton(tr("A suite"), box);
    m_byCase = new QPushButton(tr("One case"), box);
    auto *group = new QButtonGroup(box);
    for (QPushButton *button : { m_bySuite, m_byCase }) {
        button->setProperty("kind", QStringLiteral("chip"));
        button->setCheckable(true);
        group->addButton(button);
    }
    m_bySuite->setChecked(true);
    m_choice = new QComboBox(box);
    m_choice->setEditable(true);
    m_choice->setInsertPolicy(QComboBox::NoInsert);
    m_choice->setAccessibleName(tr("Suite or case"));
    connect(group, &QButtonGroup::buttonToggled, this, [this](QAbstractButton *, bool checked) {
        if (checked)
            fillChoices();
    });
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(6);
    buttons->addWidget(m_bySuite);
    buttons->addWidget(m_byCase);
    buttons->addStretch();
    auto *layout = new QVBoxLayout(box);
    layout->setContentsMargins(0, 3, 0, 0);
    layout->setSpacing(6);
    layout->addLayout(buttons);
    layout->addWidget(m_choice);
    layout->addWidget(m_choiceWords);
    return box;
}

QWidget *StartDialog::makeButtons()
{
    auto *box = new QWidget(this);
    m_problem = new PlainLabel({}, "muted", box);
    m_problem->setElided(true);
    auto *cancel = new QPushButton(tr("Cancel"), box);
    m_start = new QPushButton(QLatin1Char(' ') + tr("Start"), box);
    m_start->setObjectName(QStringLiteral("start"));
    m_start->setIcon(m_theme.icon(QStringLiteral("start"), Token::OnAccent));
    m_start->setProperty("kind", QStringLiteral("primary"));
    m_start->setDefault(true);
    cancel->setAutoDefault(false);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_start, &QPushButton::clicked, this, &StartDialog::send);
    auto *layout = new QHBoxLayout(box);
    layout->setContentsMargins(0, 4, 0, 0);
    layout->setSpacing(8);
    layout->addWidget(m_problem, 1);
    layout->addWidget(cancel);
    layout->addWidget(m_start);
    return box;
}

void StartDialog::readBranches()
{
    m_ref->setPlaceholderText(tr("reading the branches…"));
    m_branchesCall = m_session.onCi<QStringList>(
        [](ci::CiBackend &ci, domain::Done<QStringList> done) {
            return ci.branches(std::move(done));
        },
        [this](domain::Result<QStringList> answer) {
            m_ref->setPlaceholderText(tr("branch or tag"));
            if (!answer) {
                m_banner->showError(answer.error());
                return;
            }
            const QString typed = m_ref->currentText();
            m_ref->addItems(*answer);
            const auto preferred = std::find_if(
                answer->cbegin(), answer->cend(), [](const QString &name) {
                    return name == QLatin1StringView("main") || name == QLatin1StringView("master");
                });
            const QString first = preferred != answer->cend() ? *preferred : answer->value(0);
            m_ref->setCurrentText(typed.isEmpty() ? first : typed);
        });
}

void StartDialog::readSuites()
{
    m_refTyped.stop();
    const QString ref = m_ref->currentText().trimmed();
    if (ref.isEmpty())
        return;
    m_suitesRead = false;
    refresh();
    m_suitesCall = m_session.onCi<QByteArray>(
        [ref](ci::CiBackend &ci, domain::Done<QByteArray> done) {
            return ci.file(QStringLiteral("suites.yaml"), ref, std::move(done));
        },
        [this](const domain::Result<QByteArray> &answer) { showSuites(answer); });
}

void StartDialog::showSuites(const domain::Result<QByteArray> &file)
{
    m_suitesRead = true;
    const domain::Result<QList<cases::Suite>> suites = file
        ? cases::parseSuites(*file, QStringLiteral("suites.yaml@%1").arg(m_ref->currentText()))
        : domain::failure(file.error());
    m_suites = suites ? *suites : QList<cases::Suite>();
    if (suites)
        m_banner->dismiss();
    else
        m_banner->showError(suites.error());
    fillChoices();
}

void StartDialog::fillChoices()
{
    const QString typed = m_choice->currentText();
    QStringList names;
    if (m_byCase->isChecked()) {
        names = cases::allCases(m_suites);
    } else {
        for (const cases::Suite &suite : m_suites)
            names.append(suite.name);
    }
    m_choice->clear();
    m_choice->addItems(names);
    if (names.contains(typed))
        m_choice->setCurrentText(typed);
    refresh();
}

domain::PipelineRequest StartDialog::request() const
{
    domain::PipelineRequest request;
    request.ref = m_ref->currentText().trimmed();
    request.variables = m_variables->variables();
    const QString choice = m_choice->currentText().trimmed();
    if (!choice.isEmpty())
        request.variables.insert(m_byCase->isChecked() ? caseVariable : suiteVariable, choice);
    return request;
}

QString StartDialog::problem() const
{
    if (m_startCall.isActive())
        return tr("Sending…");
    if (m_ref->currentText().trimmed().isEmpty())
        return tr("Choose a branch or tag.");
    if (m_choice->currentText().trimmed().isEmpty())
        return m_byCase->isChecked() ? tr("Choose a case.") : tr("Choose a suite.");
    const QMap<QString, QString> own = m_variables->variables();
    for (const QLatin1StringView name : { suiteVariable, caseVariable }) {
        if (own.contains(name))
            return tr("%1 is set by the choice above.").arg(name);
    }
    return m_variables->problem();
}

QString StartDialog::choiceWords() const
{
    if (!m_suitesRead && !m_ref->currentText().isEmpty())
        return tr("Reading suites.yaml…");
    const QString choice = m_choice->currentText().trimmed();
    const auto suite = std::find_if(m_suites.cbegin(), m_suites.cend(),
        [&](const cases::Suite &each) { return each.name == choice; });
    if (m_byCase->isChecked() || suite == m_suites.cend())
        return {};
    return tr("Runs: %1").arg(suite->cases.join(QStringLiteral(", ")));
}

void StartDialog::refresh()
{
    const QString preview = m_makePreview ? m_makePreview(request()) : QString();
    if (m_preview->toPlainText() != preview)
        m_preview->setPlainText(preview);
    m_choiceWords->setPlainText(choiceWords());
    const QString reason = problem();
    m_problem->setPlainText(reason);
    m_start->setEnabled(reason.isEmpty());
}

void StartDialog::send()
{
    if (!problem().isEmpty())
        return;
    m_banner->dismiss();
    m_startCall = m_session.onCi<domain::Pipeline>(
        [request = request()](ci::CiBackend &ci, domain::Done<domain::Pipeline> done) {
            return ci.createPipeline(request, std::move(done));
        },
        [this](domain::Result<domain::Pipeline> answer) {
            refresh();
            if (!answer) {
                m_banner->showError(answer.error());
                return;
            }
            Q_EMIT started(*answer);
            accept();
        });
    refresh();
}

} // namespace faultline::views
