// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/cases/suites.h"
#include "services/domain/pipeline.h"
#include "services/session/session.h"
#include "views/theme/theme.h"

#include <QDialog>
#include <QTimer>

#include <functional>

class QComboBox;
class QPlainTextEdit;
class QPushButton;

namespace faultline::views {

class Banner;
class PlainLabel;
class VariableTable;

/// Chooses a suite or a case, a ref and variables; shows the request that will be sent, and sends
/// it. Suites come from `suites.yaml` at the chosen ref.
class StartDialog : public QDialog
{
    Q_OBJECT

public:
    StartDialog(const Theme &theme, session::Session &session,
        std::function<QString(const domain::PipelineRequest &)> preview, QWidget *parent = nullptr);

    /// What Start would send now.
    [[nodiscard]] domain::PipelineRequest request() const;

Q_SIGNALS:
    /// The server made this pipeline; the dialog has closed.
    void started(const faultline::domain::Pipeline &pipeline);

private:
    void buildForm();
    QWidget *makeChoice();
    QWidget *makeButtons();
    void readBranches();
    void readSuites();
    void showSuites(const domain::Result<QByteArray> &file);
    void fillChoices();
    void refresh();
    void send();
    [[nodiscard]] QString problem() const;
    [[nodiscard]] QString choiceWords() const;

    const Theme &m_theme;
    session::Session &m_session;
    std::function<QString(const domain::PipelineRequest &)> m_makePreview;
    QList<cases::Suite> m_suites;
    Banner *m_banner;
    QComboBox *m_ref;
    QPushButton *m_bySuite;
    QPushButton *m_byCase;
    QComboBox *m_choice;
    PlainLabel *m_choiceWords;
    VariableTable *m_variables;
    QPlainTextEdit *m_preview;
    PlainLabel *m_problem;
    QPushButton *m_start;
    QTimer m_refTyped;
    net::Call m_branchesCall;
    net::Call m_suitesCall;
    net::Call m_startCall;
    bool m_suitesRead = false;
};

} // namespace faultline::views
