// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/settings/workspace.h"

#include "services/settings/nearest_word.h"
#include "services/settings/server_url.h"

#include <yaml-cpp/yaml.h>

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

namespace faultline::settings {

namespace {

constexpr qint64 largestFile = 256 * 1024;
constexpr qsizetype longestValue = 4096;

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(settings)
};

/// Left by exception inside this file only: the shortest way out of a nest of YAML nodes.
struct Problem
{
    YAML::Mark mark;
    QString message;
};

[[noreturn]] void complain(const YAML::Node &node, const QString &message)
{
    throw Problem{ node.Mark(), message };
}

QString textOf(const YAML::Node &node, const QString &key)
{
    if (node.IsNull())
        return {};
    if (!node.IsScalar())
        complain(node, Texts::tr("`%1` must be a plain text.").arg(key));
    const QString text = QString::fromStdString(node.Scalar());
    if (text.size() > longestValue)
        complain(node, Texts::tr("`%1` is longer than %2 characters.").arg(key).arg(longestValue));
    return text;
}

void checkKeys(const YAML::Node &map, const QString &section, const QStringList &known)
{
    if (!map.IsMap())
        complain(map, Texts::tr("%1 must be a list of `key: value` lines.").arg(section));
    QStringList seen;
    for (const auto &entry : map) {
        const QString key = textOf(entry.first, Texts::tr("a key"));
        if (seen.contains(key))
            complain(entry.first, Texts::tr("`%1` is given twice.").arg(key));
        seen.append(key);
        if (known.contains(key))
            continue;
        const QString near = nearestWord(key, known);
        const QString advice = near.isEmpty()
            ? Texts::tr("Known keys are %1.").arg(known.join(QStringLiteral(", ")))
            : Texts::tr("Did you mean `%1`?").arg(near);
        complain(entry.first,
            Texts::tr("Unknown key `%1` in %2. %3").arg(key.left(64), section, advice));
    }
}

/// Value of a key, or an empty string; `map` was checked to be a map.
QString optionalText(const YAML::Node &map, const char *key)
{
    const YAML::Node value = map[key];
    return value.IsDefined() ? textOf(value, QString::fromLatin1(key)) : QString();
}

QString requiredText(const YAML::Node &map, const char *key, const QString &section)
{
    const QString text = optionalText(map, key).trimmed();
    if (text.isEmpty())
        complain(map, Texts::tr("%1 needs `%2`.").arg(section, QString::fromLatin1(key)));
    return text;
}

SecretReference reference(const YAML::Node &map, const char *key)
{
    static const QRegularExpression form(QStringLiteral("^(env|file|keychain):.+$"));
    const QString text = optionalText(map, key).trimmed();
    // The text itself may be a secret that somebody pasted here: it must not get into the message.
    if (!text.isEmpty() && !form.match(text).hasMatch())
        complain(map[key],
            Texts::tr("`%1` must say where the secret is: env:NAME, file:/path or keychain:entry. "
                      "Never write a secret itself into a workspace file.")
                .arg(QString::fromLatin1(key)));
    return { text };
}

ServerAddress address(const YAML::Node &map, const QString &section)
{
    const QString text = requiredText(map, "url", section);
    const ServerAddress out = serverAddress(text);
    if (!out.origin.isValid())
        complain(map["url"],
            Texts::tr("`url` of %1 must be an http:// or https:// address.").arg(section));
    if (out.hasCredentials)
        complain(map["url"],
            Texts::tr("`url` of %1 must not hold a user name or password.").arg(section));
    return out;
}

/// A certificate that is accepted though nobody vouches for it: for this server only, and only from
/// this file, never from the environment.
QString fingerprint(const YAML::Node &map, const QUrl &server, const QString &section)
{
    static const QRegularExpression form(
        QStringLiteral("^(sha256[:=])?([0-9a-f]{2}:?){31}[0-9a-f]{2}$"),
        QRegularExpression::CaseInsensitiveOption);
    const QString text = optionalText(map, "trustedFingerprint").trimmed();
    if (text.isEmpty())
        return text;
    if (!form.match(text).hasMatch())
        complain(map["trustedFingerprint"],
            Texts::tr("`trustedFingerprint` must be the SHA-256 fingerprint of a certificate: 64 "
                      "hexadecimal digits, with or without colons."));
    if (server.scheme() != QLatin1StringView("https"))
        complain(map["trustedFingerprint"],
            Texts::tr("`trustedFingerprint` of %1 needs an https:// address.").arg(section));
    return text;
}

GitLabSettings readGitLab(const YAML::Node &map)
{
    const QString section = QStringLiteral("`gitlab`");
    checkKeys(map, section,
        { QStringLiteral("url"), QStringLiteral("project"), QStringLiteral("token"),
            QStringLiteral("triggerToken"), QStringLiteral("caFile"),
            QStringLiteral("trustedFingerprint") });
    GitLabSettings out;
    out.url = address(map, section).origin;
    out.project = requiredText(map, "project", section);
    out.token = reference(map, "token");
    out.triggerToken = reference(map, "triggerToken");
    out.caFile = optionalText(map, "caFile");
    out.trustedFingerprint = fingerprint(map, out.url, section);
    if (out.token.text.isEmpty() && out.triggerToken.text.isEmpty())
        complain(map, Texts::tr("%1 needs `token`.").arg(section));
    return out;
}

RancherSettings readRancher(const YAML::Node &map)
{
    const QString section = QStringLiteral("`rancher`");
    checkKeys(map, section,
        { QStringLiteral("url"), QStringLiteral("project"), QStringLiteral("accessKey"),
            QStringLiteral("secretKey"), QStringLiteral("caFile"),
            QStringLiteral("trustedFingerprint") });
    RancherSettings out;
    const ServerAddress server = address(map, section);
    out.url = server.origin;
    out.project = optionalText(map, "project").trimmed();
    if (out.project.isEmpty())
        out.project = server.rancherProject;
    out.accessKey = reference(map, "accessKey");
    out.secretKey = reference(map, "secretKey");
    out.caFile = optionalText(map, "caFile");
    out.trustedFingerprint = fingerprint(map, out.url, section);
    if (out.accessKey.text.isEmpty() != out.secretKey.text.isEmpty())
        complain(
            map, Texts::tr("%1 needs both `accessKey` and `secretKey`, or neither.").arg(section));
    return out;
}

void checkHead(const YAML::Node &root)
{
    const QString version = requiredText(root, "apiVersion", Texts::tr("a workspace file"));
    if (version != QStringLiteral("faultline/v1"))
        complain(root["apiVersion"], Texts::tr("`apiVersion` must be faultline/v1."));
    const QString kind = requiredText(root, "kind", Texts::tr("a workspace file"));
    if (kind != QStringLiteral("Workspace"))
        complain(root["kind"], Texts::tr("`kind` must be Workspace."));
}

Workspace readRoot(const YAML::Node &root)
{
    static const QRegularExpression colourForm(QStringLiteral("^#[0-9a-fA-F]{6}$"));
    checkKeys(root, Texts::tr("a workspace file"),
        { QStringLiteral("apiVersion"), QStringLiteral("kind"), QStringLiteral("name"),
            QStringLiteral("colour"), QStringLiteral("gitlab"), QStringLiteral("rancher") });
    checkHead(root);
    Workspace out;
    out.name = requiredText(root, "name", Texts::tr("a workspace file"));
    out.colour = optionalText(root, "colour");
    if (!out.colour.isEmpty() && !colourForm.match(out.colour).hasMatch())
        complain(root["colour"], Texts::tr("`colour` must look like \"#1f6feb\", in quotes."));
    if (const YAML::Node gitlab = root["gitlab"]; gitlab.IsDefined() && !gitlab.IsNull())
        out.gitlab = readGitLab(gitlab);
    if (const YAML::Node rancher = root["rancher"]; rancher.IsDefined() && !rancher.IsNull())
        out.rancher = readRancher(rancher);
    if (!out.gitlab && !out.rancher)
        complain(root, Texts::tr("A workspace needs `gitlab`, `rancher` or both."));
    return out;
}

QString place(const QString &name, const YAML::Mark &mark)
{
    if (mark.is_null())
        return name;
    return QStringLiteral("%1:%2:%3").arg(name).arg(mark.line + 1).arg(mark.column + 1);
}

QString besideFile(const QString &file, const QString &path)
{
    return path.isEmpty() ? path : QFileInfo(file).absoluteDir().absoluteFilePath(path);
}

} // namespace

domain::Result<Workspace> parseWorkspace(const QByteArray &yaml, const QString &nameForErrors)
{
    if (yaml.size() > largestFile)
        return domain::failure(domain::ErrorKind::Invalid,
            Texts::tr("A workspace file may have at most %1 KiB.").arg(largestFile / 1024),
            nameForErrors);
    try {
        return readRoot(YAML::Load(yaml.toStdString()));
    } catch (const Problem &problem) {
        return domain::failure(
            domain::ErrorKind::Invalid, problem.message, place(nameForErrors, problem.mark));
    } catch (const YAML::Exception &error) {
        return domain::failure(domain::ErrorKind::Invalid,
            Texts::tr("This is not readable as YAML: %1.")
                .arg(QString::fromStdString(error.msg).left(200)),
            place(nameForErrors, error.mark));
    }
}

domain::Result<Workspace> readWorkspace(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        const auto kind = file.exists() ? domain::ErrorKind::Local : domain::ErrorKind::NotFound;
        return domain::failure(
            kind, Texts::tr("The workspace file can't be read: %1.").arg(file.errorString()), path);
    }
    domain::Result<Workspace> out = parseWorkspace(file.read(largestFile + 1), path);
    if (!out)
        return out;
    out->file = QFileInfo(path).absoluteFilePath();
    if (out->gitlab)
        out->gitlab->caFile = besideFile(path, out->gitlab->caFile);
    if (out->rancher)
        out->rancher->caFile = besideFile(path, out->rancher->caFile);
    return out;
}

} // namespace faultline::settings
