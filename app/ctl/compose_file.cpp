// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/compose_file.h"

#include "app/ctl/text.h"

#include <QFile>

#include <yaml-cpp/yaml.h>

namespace faultline::ctl {

namespace {

constexpr qint64 largestFile = 1 << 20;

QString place(const QString &path, const YAML::Mark &mark)
{
    return mark.is_null()
        ? path
        : QStringLiteral("%1:%2:%3").arg(path).arg(mark.line + 1).arg(mark.column + 1);
}

} // namespace

domain::Result<QString> readComposeFile(const QString &path)
{
    using domain::ErrorKind;
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return domain::failure(
            ErrorKind::Local, Text::tr("Can't read the file: %1.").arg(file.errorString()), path);
    const QByteArray bytes = file.read(largestFile + 1);
    if (bytes.size() > largestFile)
        return domain::failure(
            ErrorKind::Invalid, Text::tr("A compose file may have 1 MiB at most."), path);
    const QString text = QString::fromUtf8(bytes);
    if (text.toUtf8() != bytes)
        return domain::failure(ErrorKind::Invalid, Text::tr("The file is not UTF-8 text."), path);
    try {
        const YAML::Node root = YAML::Load(bytes.toStdString());
        if (!root.IsMap())
            return domain::failure(ErrorKind::Invalid,
                Text::tr("A compose file is a mapping of services."), place(path, root.Mark()));
    } catch (const YAML::Exception &exception) {
        return domain::failure(ErrorKind::Invalid,
            Text::tr("The file is not YAML: %1.").arg(QString::fromStdString(exception.msg)),
            place(path, exception.mark));
    }
    return text;
}

} // namespace faultline::ctl
