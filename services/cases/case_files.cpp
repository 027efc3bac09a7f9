// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/case_files.h"

#include "services/cases/schema/quantities.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace faultline::cases {

namespace {

constexpr qint64 largestFile = 4 << 20; // the YAML reader's own bound
constexpr qsizetype mostFiles = 100'000;
constexpr int mostParents = 32;

QString text(const char *source)
{
    return QCoreApplication::translate("cases", source);
}

bool isSkippedFolder(const QString &name)
{
    return name == QLatin1String(".git") || name == QLatin1String("node_modules");
}

/// Not QDirIterator's own recursion: it can't leave a folder out.
domain::Result<void> addBelow(const QString &folder, QStringList &out)
{
    QStringList open{ folder };
    while (!open.isEmpty()) {
        const QString current = open.takeLast();
        QDirIterator entries(current, QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden);
        while (entries.hasNext()) {
            const QFileInfo entry(entries.next());
            const QString name = entry.fileName();
            if (entry.isDir()) {
                if (!entry.isSymLink() && !isSkippedFolder(name))
                    open += entry.filePath();
            } else if (name == QLatin1String("case.yaml") || name == QLatin1String("case.yml")) {
                out += entry.filePath();
            }
        }
        if (out.size() > mostFiles)
            return domain::failure(domain::ErrorKind::Invalid,
                text("There are more than 100,000 case files below %1. Name a smaller folder.")
                    .arg(folder));
    }
    return {};
}

std::optional<QByteArray> readBounded(const QString &path, QString &why)
{
    QFile file(path);
    if (!QFileInfo(path).isFile()) {
        why = text("it is not a file");
        return std::nullopt;
    }
    if (!file.open(QIODevice::ReadOnly)) {
        why = file.errorString();
        return std::nullopt;
    }
    const QByteArray bytes = file.read(largestFile + 1);
    if (file.error() != QFileDevice::NoError) {
        why = file.errorString();
        return std::nullopt;
    }
    if (bytes.size() > largestFile) {
        why = text("it is larger than 4 MiB");
        return std::nullopt;
    }
    return bytes;
}

/// The `scale` of each service of a rancher-compose file; what can't be read is just not known.
std::map<std::string, int> scalesOf(const QString &root, const std::string &relative)
{
    std::map<std::string, int> out;
    const QString inside = QDir::cleanPath(QString::fromStdString(relative));
    if (inside.startsWith(QLatin1String("..")) || QDir::isAbsolutePath(inside))
        return out;
    QString why;
    const auto bytes = readBounded(root + QLatin1Char('/') + inside, why);
    const auto documents = bytes ? yaml::readDocuments(bytes->toStdString())
                                 : tl::expected<std::vector<yaml::Value>, yaml::Problem>();
    if (!documents || documents->empty())
        return out;
    const yaml::Value &top = documents->front();
    const yaml::Value *services = top.find("services");
    for (const yaml::Entry &entry : (services == nullptr ? top : *services).entries) {
        const yaml::Value *scale = entry.value.find("scale");
        const auto count
            = scale != nullptr && scale->isScalar() ? parseInteger(scale->scalar) : std::nullopt;
        if (count && *count > 0 && *count < 100'000)
            out[entry.key] = static_cast<int>(*count);
    }
    return out;
}

/// Every case of that name below the current folder.
domain::Result<QStringList> filesOfCase(const QString &name, const ParameterValues &chosen)
{
    const auto files = findCaseFiles({ QStringLiteral(".") });
    if (!files)
        return domain::failure(files.error());
    QStringList out;
    for (const QString &file : *files) {
        QString why;
        const auto bytes = readBounded(file, why);
        if (!bytes || !bytes->contains(name.toUtf8()))
            continue;
        const ReadCases read = readCases(bytes->toStdString(), file.toStdString(), chosen);
        if (std::any_of(read.cases.begin(), read.cases.end(),
                [&](const CaseFile &item) { return item.metadata.name == name.toStdString(); }))
            out += file;
    }
    return out;
}

struct Wanted
{
    QString file;
    QString name; ///< empty = the file's only case
};

domain::Result<Wanted> locate(const QString &what, const ParameterValues &chosen)
{
    const QFileInfo info(what);
    if (info.isFile())
        return Wanted{ what, {} };
    for (const char *name : { "case.yaml", "case.yml" }) {
        const QString inside = what + QLatin1Char('/') + QLatin1String(name);
        if (info.isDir() && QFileInfo::exists(inside))
            return Wanted{ inside, {} };
    }
    const auto files = filesOfCase(what, chosen);
    if (!files)
        return domain::failure(files.error());
    if (files->isEmpty())
        return domain::failure(domain::ErrorKind::NotFound,
            text("There is no file, folder or case \"%1\" here. \"faultlinectl cases list\" shows "
                 "the cases.")
                .arg(what));
    if (files->size() > 1)
        return domain::failure(domain::ErrorKind::Conflict,
            text("Several files have a case \"%1\": %2. Name the file.")
                .arg(what, files->join(QStringLiteral(", "))));
    return Wanted{ files->front(), what };
}

} // namespace

QString repositoryOf(const QString &file)
{
    QDir folder = QFileInfo(file).absoluteDir();
    const QString own = folder.path();
    for (int i = 0; i < mostParents; ++i) {
        if (folder.exists(QStringLiteral("suites.yaml")) || folder.exists(QStringLiteral(".git")))
            return folder.path();
        if (!folder.cdUp())
            break;
    }
    return own;
}

domain::Result<QStringList> findCaseFiles(const QStringList &paths)
{
    QStringList out;
    for (const QString &path : paths) {
        const QFileInfo info(path);
        if (!info.exists())
            return domain::failure(
                domain::ErrorKind::NotFound, text("There is no file or folder \"%1\".").arg(path));
        if (!info.isDir())
            out += path;
        else if (const auto added = addBelow(path, out); !added)
            return domain::failure(added.error());
    }
    out.sort();
    out.removeDuplicates();
    return out;
}

CheckedFile checkFile(const QString &path, const ParameterValues &chosen, const QDate &today)
{
    CheckedFile out;
    out.path = path;
    const std::string name = path.toStdString();
    QString why;
    const auto bytes = readBounded(path, why);
    if (!bytes) {
        Reporter(name, out.diagnostics)
            .error({}, "unreadable", "can't be read: " + why.toStdString());
        return out;
    }
    ReadCases read = readCases(bytes->toStdString(), name, chosen);
    out.diagnostics = std::move(read.diagnostics);
    out.cases = std::move(read.cases);
    const QString root = repositoryOf(path);
    std::map<std::string, std::map<std::string, int>> scales;
    for (const CaseFile &item : out.cases) {
        const std::string &compose = item.topology.rancherCompose;
        if (!compose.empty() && !scales.contains(compose))
            scales[compose] = scalesOf(root, compose);
        const Diagnostics found
            = lint(item, { today.toString(Qt::ISODate).toStdString(), scales[compose] });
        out.diagnostics.insert(out.diagnostics.end(), found.begin(), found.end());
    }
    std::stable_sort(out.diagnostics.begin(), out.diagnostics.end(),
        [](const Diagnostic &a, const Diagnostic &b) {
            return std::tie(a.place.line, a.place.column) < std::tie(b.place.line, b.place.column);
        });
    return out;
}

domain::Result<CaseFile> loadCase(
    const QString &what, const ParameterValues &chosen, const QDate &today)
{
    const auto wanted = locate(what, chosen);
    if (!wanted)
        return domain::failure(wanted.error());
    const CheckedFile checked = checkFile(wanted->file, chosen, today);
    QStringList lines;
    for (const Diagnostic &item : checked.diagnostics) {
        if (item.level == Diagnostic::Level::Error)
            lines += QString::fromStdString(item.text());
    }
    if (!lines.isEmpty())
        return domain::failure(domain::ErrorKind::Invalid,
            text("The case has errors:") + QLatin1Char('\n') + lines.join(QLatin1Char('\n')));
    QStringList names;
    for (const CaseFile &item : checked.cases) {
        names += QString::fromStdString(item.metadata.name);
        if (names.back() == wanted->name || (wanted->name.isEmpty() && checked.cases.size() == 1))
            return item;
    }
    return domain::failure(domain::ErrorKind::Conflict,
        text("%1 holds several cases: %2. Name one of them.")
            .arg(wanted->file, names.join(QStringLiteral(", "))));
}

std::map<std::string, int> roleScales(const CaseFile &caseFile)
{
    std::map<std::string, int> services;
    if (!caseFile.topology.rancherCompose.empty())
        services = scalesOf(
            repositoryOf(QString::fromStdString(caseFile.file)), caseFile.topology.rancherCompose);
    std::map<std::string, int> out;
    for (const Role &role : caseFile.topology.roles) {
        const auto found = services.find(role.service);
        if (role.scale > 0)
            out[role.name] = role.scale;
        else if (found != services.end())
            out[role.name] = found->second;
    }
    return out;
}

} // namespace faultline::cases
