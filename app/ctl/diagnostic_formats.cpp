// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/diagnostic_formats.h"

#include <QCryptographicHash>
#include <QDir>
#include <QSet>

#include <algorithm>

namespace faultline::ctl {

namespace {

using cases::Diagnostic;

bool isError(const Diagnostic &diagnostic)
{
    return diagnostic.level == Diagnostic::Level::Error;
}

QString sentence(const Diagnostic &diagnostic)
{
    QString text = QString::fromStdString(diagnostic.message);
    if (!diagnostic.hint.empty())
        text += QStringLiteral(" (%1)").arg(QString::fromStdString(diagnostic.hint));
    return text;
}

QString pathOf(const Diagnostic &diagnostic)
{
    return QDir::cleanPath(QString::fromStdString(diagnostic.file));
}

QString fingerprint(const Diagnostic &diagnostic, QSet<QString> &taken)
{
    for (int twin = 0;; ++twin) {
        QCryptographicHash hash(QCryptographicHash::Sha256);
        for (const std::string &part : { diagnostic.file, diagnostic.rule, diagnostic.message })
            hash.addData(QByteArray::fromStdString(part) + '\0');
        hash.addData(QByteArray::number(twin));
        const QString text = QString::fromLatin1(hash.result().toHex().left(32));
        if (!taken.contains(text)) {
            taken += text;
            return text;
        }
    }
}

QJsonObject sarifResult(const Diagnostic &diagnostic)
{
    QJsonObject place{ { QStringLiteral("artifactLocation"),
        QJsonObject{ { QStringLiteral("uri"), pathOf(diagnostic) } } } };
    if (diagnostic.place.line > 0)
        place[QStringLiteral("region")]
            = QJsonObject{ { QStringLiteral("startLine"), diagnostic.place.line },
                  { QStringLiteral("startColumn"), diagnostic.place.column } };
    return { { QStringLiteral("ruleId"), QString::fromStdString(diagnostic.rule) },
        { QStringLiteral("level"),
            isError(diagnostic) ? QStringLiteral("error") : QStringLiteral("warning") },
        { QStringLiteral("message"),
            QJsonObject{ { QStringLiteral("text"), sentence(diagnostic) } } },
        { QStringLiteral("locations"),
            QJsonArray{ QJsonObject{ { QStringLiteral("physicalLocation"), place } } } } };
}

} // namespace

QJsonArray toJson(const cases::Diagnostics &diagnostics)
{
    QJsonArray out;
    for (const Diagnostic &diagnostic : diagnostics)
        out += QJsonObject{ { QStringLiteral("file"), QString::fromStdString(diagnostic.file) },
            { QStringLiteral("line"), diagnostic.place.line },
            { QStringLiteral("column"), diagnostic.place.column },
            { QStringLiteral("level"),
                isError(diagnostic) ? QStringLiteral("error") : QStringLiteral("warning") },
            { QStringLiteral("rule"), QString::fromStdString(diagnostic.rule) },
            { QStringLiteral("message"), QString::fromStdString(diagnostic.message) },
            { QStringLiteral("hint"), QString::fromStdString(diagnostic.hint) } };
    return out;
}

QJsonObject toSarif(const cases::Diagnostics &diagnostics, const QString &version)
{
    QJsonArray results;
    QStringList rules;
    for (const Diagnostic &diagnostic : diagnostics) {
        results += sarifResult(diagnostic);
        rules += QString::fromStdString(diagnostic.rule);
    }
    rules.sort();
    rules.removeDuplicates();
    QJsonArray descriptors;
    for (const QString &rule : std::as_const(rules))
        descriptors += QJsonObject{ { QStringLiteral("id"), rule } };
    const QJsonObject driver{ { QStringLiteral("name"), QStringLiteral("faultlinectl lint") },
        { QStringLiteral("version"), version }, { QStringLiteral("rules"), descriptors } };
    const QJsonObject run{ { QStringLiteral("tool"),
                               QJsonObject{ { QStringLiteral("driver"), driver } } },
        { QStringLiteral("results"), results } };
    return { { QStringLiteral("$schema"),
                 QStringLiteral("https://json.schemastore.org/sarif-2.1.0.json") },
        { QStringLiteral("version"), QStringLiteral("2.1.0") },
        { QStringLiteral("runs"), QJsonArray{ run } } };
}

QJsonArray toCodeQuality(const cases::Diagnostics &diagnostics)
{
    QJsonArray out;
    QSet<QString> taken;
    for (const Diagnostic &diagnostic : diagnostics) {
        const QJsonObject lines{ { QStringLiteral("begin"), std::max(1, diagnostic.place.line) } };
        out += QJsonObject{ { QStringLiteral("description"), sentence(diagnostic) },
            { QStringLiteral("check_name"), QString::fromStdString(diagnostic.rule) },
            { QStringLiteral("fingerprint"), fingerprint(diagnostic, taken) },
            { QStringLiteral("severity"),
                isError(diagnostic) ? QStringLiteral("major") : QStringLiteral("minor") },
            { QStringLiteral("location"),
                QJsonObject{ { QStringLiteral("path"), pathOf(diagnostic) },
                    { QStringLiteral("lines"), lines } } } };
    }
    return out;
}

} // namespace faultline::ctl
