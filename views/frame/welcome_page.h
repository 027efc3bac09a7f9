// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/error.h"
#include "views/theme/theme.h"

#include <QWidget>

class QProgressBar;
class QPushButton;

namespace faultline::views {

class Banner;
class EmptyState;

/// What is shown while no workspace is open: what a workspace is, the two ways to get one,
/// progress, and why the last attempt failed.
class WelcomePage : public QWidget
{
    Q_OBJECT

public:
    explicit WelcomePage(const Theme &theme, QWidget *parent = nullptr);

    /// The first-run text with both actions.
    void showChoice();
    /// Something is on its way; the actions are gone, Cancel is there.
    void showProgress(const QString &what, const QString &details);
    /// Why it failed, above the two actions.
    void showError(const domain::Error &error);

Q_SIGNALS:
    void labChosen();
    void fileChosen();
    void cancelled();

private:
    Banner *m_banner;
    EmptyState *m_state;
    QPushButton *m_lab;
    QPushButton *m_file;
    QPushButton *m_cancel;
    QProgressBar *m_progress;
};

} // namespace faultline::views
