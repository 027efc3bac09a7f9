// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/frame/notices.h"
#include "views/theme/theme.h"

#include <QWidget>

class QSettings;
class QSplitter;
class QStackedWidget;

namespace faultline::views {

class Dock;
class Page;
class Rail;
class TopBar;

/// The frame: rail, top bar, page, inspector, dock. Knows no page in particular.
class MainWindow : public QWidget
{
    Q_OBJECT

public:
    explicit MainWindow(const Theme &theme, QWidget *parent = nullptr);
    ~MainWindow() override;

    /// Adds a page to the rail and takes it; the first one becomes current.
    void addPage(Page *page);
    /// Deletes pages, inspectors and dock tabs: another workspace comes.
    void clear();
    void showPage(const QString &key);
    [[nodiscard]] Page *currentPage() const;
    [[nodiscard]] Page *page(const QString &key) const;
    /// In the order of the rail.
    [[nodiscard]] QStringList pageKeys() const;

    /// Shows this instead of the pages (first run, progress, an error of the workspace file) and
    /// takes it.
    void showWelcome(QWidget *widget);
    /// Back to the pages.
    void showPages();

    [[nodiscard]] TopBar &topBar() const { return *m_topBar; }
    [[nodiscard]] Dock &dock() const { return *m_dock; }
    void setWorkspace(const QString &name, const QColor &colour);

    /// Where the parts were when this workspace was used last; the settings must have its group
    /// open.
    void restoreLayout(QSettings &settings);
    void saveLayout(QSettings &settings) const;

public Q_SLOTS:
    /// Shows a notice for some seconds and keeps it in the history. Any text is shown as plain
    /// text.
    void notify(const QString &text);
    void notifyFailure(const QString &text);

Q_SIGNALS:
    void firstPainted();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void build();
    void setCurrent(int index);
    void setDockVisible(bool visible);
    void setInspectorVisible(bool visible);
    void add(Notice::Kind kind, const QString &text);

    const Theme &m_theme;
    TopBar *m_topBar;
    Rail *m_rail;
    QStackedWidget *m_outer; // welcome, or the pages
    QWidget *m_welcome = nullptr;
    QStackedWidget *m_pages;
    QStackedWidget *m_inspectors;
    QFrame *m_inspectorFrame;
    Dock *m_dock;
    QSplitter *m_columns; // centre | inspector
    QSplitter *m_rows; // page / dock
    NoticeToast *m_toast = nullptr;
    bool m_painted = false;
    bool m_inspectorWanted = true;
};

} // namespace faultline::views
