// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/theme/theme.h"

#include <QElapsedTimer>
#include <QFuture>
#include <QObject>
#include <QTimer>

namespace faultline::console {

class Console;

/// Saves a picture of every page in both themes at 1x and 2x as soon as the pages show live data,
/// then reports. Used by the demo where there is no display.
class PictureSession : public QObject
{
    Q_OBJECT

public:
    PictureSession(
        Console &console, views::Theme &theme, QString folder, QObject *parent = nullptr);

    void start();

Q_SIGNALS:
    /// Exit code: 0 all pages had live data, 1 a picture could not be saved or the data did not
    /// come in time.
    void finished(int exitCode);

private:
    void check();
    void openLog();
    void takeAll();
    void take(const QString &name);
    void save(qreal scale, const QString &name);
    void finishSaving();

    Console &m_console;
    views::Theme &m_theme;
    QString m_folder;
    QTimer m_poll;
    QElapsedTimer m_since;
    QElapsedTimer m_logSince;
    QList<QFuture<bool>> m_saves; // packing a picture takes longer than painting it
    int m_failures = 0;
};

} // namespace faultline::console
