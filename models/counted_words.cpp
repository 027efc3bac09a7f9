// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/counted_words.h"

#include <QCoreApplication>
#include <QLocale>

namespace faultline::models {

namespace {

// English texts come without a catalogue that could hold their plural forms.
QString counted(int count, const QString &one, const QString &many)
{
    return count == 1 ? one : many.arg(QLocale().toString(count));
}

} // namespace

QString stackWords(int count)
{
    return counted(count, QCoreApplication::translate("count", "1 stack"),
        QCoreApplication::translate("count", "%1 stacks"));
}

QString serviceWords(int count)
{
    return counted(count, QCoreApplication::translate("count", "1 service"),
        QCoreApplication::translate("count", "%1 services"));
}

QString containerWords(int count)
{
    return counted(count, QCoreApplication::translate("count", "1 container"),
        QCoreApplication::translate("count", "%1 containers"));
}

} // namespace faultline::models
