// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/settings/keychain_entry.h"
#include "services/settings/workspace.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>

namespace faultline::settings {

namespace {

constexpr qint64 largestSecret = 16 * 1024;

struct Texts
{
    Q_DECLARE_TR_FUNCTIONS(settings)
};

/// Without line ends at its end; control characters inside could smuggle header lines into a
/// request.
domain::Result<QByteArray> cleaned(QByteArray secret, const QString &where)
{
    secret = secret.trimmed();
    if (secret.isEmpty())
        return domain::failure(
            domain::ErrorKind::Invalid, Texts::tr("The secret is empty."), where);
    for (const char letter : secret) {
        if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f)
            return domain::failure(domain::ErrorKind::Invalid,
                Texts::tr("The secret holds a control character."), where);
    }
    return secret;
}

domain::Result<QByteArray> fromEnvironment(const QString &name, const QString &where)
{
    const QByteArray key = name.toLocal8Bit();
    if (qEnvironmentVariableIsEmpty(key.constData()))
        return domain::failure(domain::ErrorKind::NotFound,
            Texts::tr("The environment variable %1 is not set.").arg(name), where);
    return cleaned(qgetenv(key.constData()), where);
}

QString absolutePath(const QString &path, const QString &workspaceFile)
{
    if (path.startsWith(QStringLiteral("~/")))
        return QDir::home().absoluteFilePath(path.mid(2));
    if (QFileInfo(path).isRelative() && !workspaceFile.isEmpty())
        return QFileInfo(workspaceFile).absoluteDir().absoluteFilePath(path);
    return path;
}

domain::Result<QByteArray> fromFile(const QString &path, const QString &where)
{
    QFile file(path);
    if (!file.exists())
        return domain::failure(domain::ErrorKind::NotFound,
            Texts::tr("The secret's file %1 does not exist.").arg(path), where);
    constexpr QFile::Permissions others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup
        | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
    if (file.permissions() & others)
        return domain::failure(domain::ErrorKind::Local,
            Texts::tr("Other users may read the secret's file %1; run: chmod 600 %1").arg(path),
            where);
    if (!file.open(QIODevice::ReadOnly))
        return domain::failure(domain::ErrorKind::Local,
            Texts::tr("The secret's file %1 can't be read: %2.").arg(path, file.errorString()),
            where);
    const QByteArray secret = file.read(largestSecret + 1);
    if (secret.size() > largestSecret)
        return domain::failure(domain::ErrorKind::Invalid,
            Texts::tr("The secret's file %1 is too large.").arg(path), where);
    return cleaned(secret, where);
}

} // namespace

domain::Result<QByteArray> resolveSecret(
    const SecretReference &reference, const QString &key, const QString &file)
{
    if (reference.text.isEmpty())
        return QByteArray();
    const QString where = file.isEmpty() ? key : file + QStringLiteral(": ") + key;
    const qsizetype colon = reference.text.indexOf(QLatin1Char(':'));
    const QString scheme = reference.text.left(colon);
    const QString rest = reference.text.mid(colon + 1);
    if (scheme == QStringLiteral("env"))
        return fromEnvironment(rest, where);
    if (scheme == QStringLiteral("file"))
        return fromFile(absolutePath(rest, file), where);
    if (scheme == QStringLiteral("keychain")) {
        return readKeychainEntry(rest).and_then(
            [&where](const QByteArray &secret) { return cleaned(secret, where); });
    }
    return domain::failure(domain::ErrorKind::Invalid,
        Texts::tr("A secret is given as env:NAME, file:/path or keychain:entry."), where);
}

domain::Result<Secrets> resolveSecrets(const Workspace &workspace)
{
    struct Wanted
    {
        SecretReference reference;
        QString key;
        QByteArray Secrets::*target;
    };
    QList<Wanted> wanted;
    if (workspace.gitlab) {
        wanted.append(
            { workspace.gitlab->token, QStringLiteral("gitlab.token"), &Secrets::gitlabToken });
        wanted.append({ workspace.gitlab->triggerToken, QStringLiteral("gitlab.triggerToken"),
            &Secrets::triggerToken });
    }
    if (workspace.rancher) {
        wanted.append({ workspace.rancher->accessKey, QStringLiteral("rancher.accessKey"),
            &Secrets::rancherAccessKey });
        wanted.append({ workspace.rancher->secretKey, QStringLiteral("rancher.secretKey"),
            &Secrets::rancherSecretKey });
    }
    Secrets out;
    for (const Wanted &one : wanted) {
        domain::Result<QByteArray> secret = resolveSecret(one.reference, one.key, workspace.file);
        if (!secret)
            return domain::failure(secret.error());
        out.*one.target = std::move(*secret);
    }
    return out;
}

} // namespace faultline::settings
