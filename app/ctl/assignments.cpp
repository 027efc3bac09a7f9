// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/assignments.h"

#include "app/ctl/text.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace faultline::ctl {

domain::Result<QMap<QString, QString>> parseAssignments(
    const std::vector<std::string> &texts, const QString &option)
{
    QMap<QString, QString> out;
    for (const std::string &bytes : texts) {
        const QString text = QString::fromStdString(bytes);
        const qsizetype equals = text.indexOf(u'=');
        if (equals <= 0) {
            return domain::failure(domain::ErrorKind::Invalid,
                Text::tr("%1 takes NAME=VALUE, not \"%2\".").arg(option, text));
        }
        out.insert(text.left(equals), text.mid(equals + 1));
    }
    return out;
}

domain::Result<QMap<QString, QJsonValue>> parseInputs(
    const std::vector<std::string> &texts, const QString &option)
{
    const auto assignments = parseAssignments(texts, option);
    if (!assignments)
        return domain::failure(assignments.error());
    QMap<QString, QJsonValue> out;
    for (auto it = assignments->cbegin(); it != assignments->cend(); ++it) {
        const QJsonArray read = QJsonDocument::fromJson("[" + it->toUtf8() + "]").array();
        const bool hasKind = read.size() == 1 && !read[0].isNull() && !read[0].isObject();
        out.insert(it.key(), hasKind ? read[0] : QJsonValue(it.value()));
    }
    return out;
}

} // namespace faultline::ctl
