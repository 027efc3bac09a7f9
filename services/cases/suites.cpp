// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/suites.h"

#include <yaml-cpp/yaml.h>

#include <QCoreApplication>
#include <QSet>

#include <algorithm>

namespace faultline::cases {

namespace {

constexpr qsizetype largestFile = 1024 * 1024;
constexpr qsizetype longestName = 200;

/// Left by exception inside this file only.
struct Problem
{
    YAML::Mark mark;
    QString message;
};

struct Cases
{
    Q_DECLARE_TR_FUNCTIONS(cases)
};

QString name(const YAML::Node &node, const char *what)
{
    if (!node.IsScalar() || node.Scalar().empty())
        throw Problem{ node.Mark(), Cases::tr("%1 must be a plain text.").arg(Cases::tr(what)) };
    const QString text = QString::fromStdString(node.Scalar());
    if (text.size() > longestName)
        throw Problem{ node.Mark(),
            Cases::tr("%1 is longer than %2 characters.").arg(Cases::tr(what)).arg(longestName) };
    return text;
}

QStringList caseNames(const YAML::Node &list)
{
    if (!list.IsSequence())
        throw Problem{ list.Mark(), Cases::tr("`cases` must be a list.") };
    QStringList out;
    for (const YAML::Node &entry : list) {
        const QString text = name(entry, QT_TRANSLATE_NOOP("cases", "A case"));
        if (!out.contains(text))
            out.append(text);
    }
    return out;
}

Suite suite(const YAML::Node &key, const YAML::Node &value)
{
    Suite out;
    out.name = name(key, QT_TRANSLATE_NOOP("cases", "A suite's name"));
    if (!value.IsMap() || !value["cases"])
        throw Problem{ value.Mark(), Cases::tr("Suite `%1` has no `cases`.").arg(out.name) };
    for (const auto &entry : value) {
        const QString field = name(entry.first, QT_TRANSLATE_NOOP("cases", "A key"));
        if (field == QLatin1StringView("cases")) {
            out.cases = caseNames(entry.second);
        } else if (field == QLatin1StringView("labels") && entry.second.IsMap()) {
            for (const auto &label : entry.second)
                out.labels.insert(name(label.first, QT_TRANSLATE_NOOP("cases", "A label")),
                    name(label.second, QT_TRANSLATE_NOOP("cases", "A label")));
        } else {
            throw Problem{ entry.first.Mark(),
                Cases::tr("`%1` is not a key of a suite; known are `cases` and `labels`.")
                    .arg(field) };
        }
    }
    return out;
}

QList<Suite> suitesOf(const YAML::Node &root)
{
    if (!root.IsMap() || !root["suites"] || !root["suites"].IsMap())
        throw Problem{ root.Mark(), Cases::tr("There is no `suites:` at the top of the file.") };
    QList<Suite> out;
    for (const auto &entry : root["suites"])
        out.append(suite(entry.first, entry.second));
    return out;
}

QMap<QString, QString> imagesOf(const YAML::Node &root)
{
    QMap<QString, QString> out;
    if (!root.IsMap() || !root["images"])
        return out;
    if (!root["images"].IsMap())
        throw Problem{ root["images"].Mark(), Cases::tr("`images` must map roles to images.") };
    for (const auto &entry : root["images"])
        out.insert(name(entry.first, QT_TRANSLATE_NOOP("cases", "A role")),
            name(entry.second, QT_TRANSLATE_NOOP("cases", "An image")));
    return out;
}

domain::Error invalid(const QString &message, const YAML::Mark &mark, const QString &file)
{
    domain::Error error;
    error.kind = domain::ErrorKind::Invalid;
    error.message = message;
    error.where = mark.is_null()
        ? file
        : QStringLiteral("%1:%2:%3").arg(file).arg(mark.line + 1).arg(mark.column + 1);
    return error;
}

bool hasAlias(const QByteArray &yaml)
{
    // An alias is `*name` where a value starts; a "*" inside words or after a quote is text.
    for (const QByteArray &line : yaml.split('\n')) {
        const QByteArray bare = line.trimmed();
        if (bare.startsWith("- *") || bare.contains(": *") || bare.contains("[*")
            || bare.contains(", *") || bare.contains("<<:"))
            return true;
    }
    return false;
}

} // namespace

namespace {

template <typename T>
domain::Result<T> parse(
    const QByteArray &yaml, const QString &nameForErrors, T (*read)(const YAML::Node &))
{
    if (yaml.size() > largestFile)
        return domain::failure(
            domain::ErrorKind::Invalid, Cases::tr("The file is larger than 1 MiB."), nameForErrors);
    if (hasAlias(yaml))
        return domain::failure(domain::ErrorKind::Invalid,
            Cases::tr("Aliases and merge keys are not allowed here."), nameForErrors);
    try {
        return read(YAML::Load(yaml.toStdString()));
    } catch (const Problem &problem) {
        return domain::failure(invalid(problem.message, problem.mark, nameForErrors));
    } catch (const YAML::Exception &problem) {
        return domain::failure(
            invalid(Cases::tr("The file is not YAML: %1.").arg(QString::fromStdString(problem.msg)),
                problem.mark, nameForErrors));
    }
}

} // namespace

domain::Result<QList<Suite>> parseSuites(const QByteArray &yaml, const QString &nameForErrors)
{
    return parse(yaml, nameForErrors, suitesOf);
}

domain::Result<QMap<QString, QString>> parseImageTemplates(
    const QByteArray &yaml, const QString &nameForErrors)
{
    return parse(yaml, nameForErrors, imagesOf);
}

QStringList allCases(const QList<Suite> &suites)
{
    QSet<QString> names;
    for (const Suite &suite : suites)
        names.unite(QSet<QString>(suite.cases.begin(), suite.cases.end()));
    QStringList out(names.begin(), names.end());
    std::sort(out.begin(), out.end());
    return out;
}

} // namespace faultline::cases
