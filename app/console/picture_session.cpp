// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/console/picture_session.h"

#include "app/console/console.h"
#include "app/console/open_workspace.h"
#include "views/frame/dock.h"
#include "views/frame/main_window.h"

#include <QCoreApplication>
#include <QDir>
#include <QImage>
#include <QTextStream>
#include <QtConcurrentRun>

namespace faultline::console {

namespace {
constexpr int contentDeadlineMs = 60'000;
constexpr int stacksDeadlineMs = 30'000;
constexpr int logPauseMs = 3'000;
} // namespace

PictureSession::PictureSession(
    Console &console, views::Theme &theme, QString folder, QObject *parent)
    : QObject(parent)
    , m_console(console)
    , m_theme(theme)
    , m_folder(std::move(folder))
{
    m_poll.setInterval(200);
    connect(&m_poll, &QTimer::timeout, this, &PictureSession::check);
    connect(&console, &Console::failed, this, [this](const domain::Error &error) {
        QTextStream(stderr) << error.text() << Qt::endl;
        Q_EMIT finished(domain::exitCodeFor(error.kind));
    });
}

void PictureSession::start()
{
    if (!QDir().mkpath(m_folder)) {
        QTextStream(stderr) << tr("The folder %1 can't be made.").arg(m_folder) << Qt::endl;
        QMetaObject::invokeMethod(
            this, [this] { Q_EMIT finished(1); }, Qt::QueuedConnection);
        return;
    }
    m_since.start();
    m_poll.start();
}

void PictureSession::check()
{
    const OpenWorkspace *workspace = m_console.workspace();
    const bool late = m_since.hasExpired(contentDeadlineMs);
    const bool hasRuns = workspace && workspace->hasRuns() && !workspace->tellingJob().isEmpty();
    // A project without a cluster at the moment is a state worth a picture, too; but one may be on
    // its way.
    const bool hasStacks
        = workspace && (workspace->hasStacks() || m_since.hasExpired(stacksDeadlineMs));
    if (!late && !(hasRuns && hasStacks))
        return;
    if (!m_logSince.isValid()) {
        m_logSince.start();
        openLog();
        return;
    }
    if (!late && !m_logSince.hasExpired(logPauseMs))
        return;
    m_poll.stop();
    if (!hasRuns) {
        ++m_failures;
        QTextStream(stderr) << tr(
            "No live data came within %1 s; the pictures show what was there.")
                                   .arg(contentDeadlineMs / 1000)
                            << Qt::endl;
    }
    takeAll();
    finishSaving();
    Q_EMIT finished(m_failures == 0 ? 0 : 1);
}

void PictureSession::openLog()
{
    OpenWorkspace *workspace = m_console.workspace();
    if (workspace && !workspace->tellingJob().isEmpty())
        workspace->openLog(workspace->tellingJob());
}

void PictureSession::takeAll()
{
    views::MainWindow &window = m_console.window();
    for (const auto scheme : { views::Theme::Scheme::Dark, views::Theme::Scheme::Light }) {
        m_theme.setScheme(scheme);
        const QString suffix = scheme == views::Theme::Scheme::Dark ? QStringLiteral("-dark")
                                                                    : QStringLiteral("-light");
        window.showPage(QStringLiteral("runs"));
        take(QStringLiteral("log") + suffix);
        Q_EMIT window.dock().wanted(false);
        for (const QString &page : window.pageKeys()) {
            window.showPage(page);
            take(page + suffix);
        }
        Q_EMIT window.dock().wanted(window.dock().hasTabs());
    }
}

void PictureSession::take(const QString &name)
{
    QCoreApplication::processEvents();
    save(1.0, name + QStringLiteral(".png"));
    save(2.0, name + QStringLiteral("@2x.png"));
}

void PictureSession::save(qreal scale, const QString &name)
{
    views::MainWindow &window = m_console.window();
    QImage picture((QSizeF(window.size()) * scale).toSize(), QImage::Format_RGB32);
    picture.setDevicePixelRatio(scale);
    picture.fill(m_theme.color(views::Token::Window));
    window.render(&picture);
    const QString path = m_folder + QLatin1Char('/') + name;
    m_saves.append(QtConcurrent::run([picture, path] { return picture.save(path); }));
}

void PictureSession::finishSaving()
{
    for (QFuture<bool> &save : m_saves) {
        if (save.result())
            continue;
        ++m_failures;
        QTextStream(stderr) << tr("A picture can't be saved in %1.").arg(m_folder) << Qt::endl;
    }
    m_saves.clear();
}

} // namespace faultline::console
