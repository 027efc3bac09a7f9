// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/settings/workspace.h"
#include "views/frame/main_window.h"
#include "views/theme/theme.h"

#include <QFutureWatcher>
#include <QObject>

#include <memory>

namespace faultline::views {
class WelcomePage;
}

namespace faultline::console {

class LabProcess;
class OpenWorkspace;
class SamplePush;

/// The application: one window and at most one open workspace.
class Console : public QObject
{
    Q_OBJECT

public:
    explicit Console(views::Theme &theme, QObject *parent = nullptr);
    ~Console() override;

    [[nodiscard]] views::MainWindow &window() { return m_window; }
    /// Null while none is open.
    [[nodiscard]] OpenWorkspace *workspace() const { return m_workspace.get(); }

    /// Shows the window and the first-run page.
    void show();
    /// Reads the file and its secrets off this thread, then opens it.
    void openFile(const QString &path);
    /// Starts the lab, or finds it running, and opens its workspace.
    void useLab();

Q_SIGNALS:
    void opened();
    void failed(const faultline::domain::Error &error);

private:
    struct Reading
    {
        settings::Workspace workspace;
        settings::Secrets secrets;
    };
    using ReadingResult = domain::Result<Reading>;

    static ReadingResult read(const QString &path);
    views::WelcomePage &welcome();
    void fillMenu();
    void chooseFile();
    void finishReading();
    void open(const Reading &reading);
    void close();
    void fillLab(const QString &workspaceFile);
    void showError(const domain::Error &error);

    views::Theme &m_theme;
    views::MainWindow m_window;
    views::WelcomePage *m_welcome = nullptr;
    std::unique_ptr<LabProcess> m_lab;
    std::unique_ptr<SamplePush> m_sample;
    std::unique_ptr<OpenWorkspace> m_workspace;
    QFutureWatcher<ReadingResult> m_reading;
    QString m_file;
};

} // namespace faultline::console
