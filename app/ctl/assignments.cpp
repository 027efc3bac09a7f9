// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/assignments.h"

#include "app/ctl/text.h"

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

} // namespace faultline::ctl
