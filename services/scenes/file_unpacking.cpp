// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/scenes/file_unpacking.h"

#include "services/scenes/secret_mask.h"
#include "services/scenes/text.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <array>
#include <memory>

#include <archive.h>
#include <archive_entry.h>

namespace faultline::scenes {

namespace {

struct ReadClose
{
    void operator()(archive *a) const { archive_read_free(a); }
};

/// The name below the folder; empty when it leads elsewhere or can't be a name here.
QString safeName(const char *raw)
{
    const QString name = QString::fromUtf8(raw != nullptr ? raw : "");
    if (name.isEmpty() || name.contains(QChar(QChar::Null)))
        return {};
    const QString clean = QDir::cleanPath(name);
    const bool leadsOut = clean.startsWith(u'/') || clean == QLatin1String("..")
        || clean.startsWith(QLatin1String("../"));
    return leadsOut || clean == QLatin1String(".") ? QString() : clean;
}

bool isText(const QByteArray &begin)
{
    return !begin.contains('\0');
}

void maskFile(const QString &path, const std::vector<std::string> &secrets, qint64 largest)
{
    QFile file(path);
    if (file.size() > largest || !file.open(QIODevice::ReadWrite))
        return;
    const QByteArray bytes = file.readAll();
    if (!isText(bytes.left(8'192)))
        return;
    const std::string masked = SecretMask::maskedText(secrets, bytes.toStdString());
    if (masked == bytes.toStdString())
        return;
    file.seek(0);
    file.write(masked.data(), static_cast<qint64>(masked.size()));
    file.resize(static_cast<qint64>(masked.size()));
}

/// One unpacking while it lasts.
class Unpacking
{
public:
    Unpacking(archive *in, QDir folder, const UnpackLimits &limits)
        : m_in(in)
        , m_folder(std::move(folder))
        , m_limits(limits)
    {
    }

    Unpacked run(const std::vector<std::string> &secrets)
    {
        archive_entry *entry = nullptr;
        int state = ARCHIVE_OK;
        while ((state = archive_read_next_header(m_in, &entry)) == ARCHIVE_OK
            || state == ARCHIVE_WARN) {
            if (archive_entry_filetype(entry) == AE_IFDIR)
                continue;
            const QString path = targetOf(entry);
            if (path.isEmpty())
                continue;
            if (!write(path, archive_entry_size(entry)))
                return m_out;
            ++m_out.files;
            maskFile(path, secrets, m_limits.maskedBytes);
        }
        if (state != ARCHIVE_EOF)
            m_out.missing += Text::tr("The archive ends too early: %1.")
                                 .arg(QString::fromLocal8Bit(archive_error_string(m_in)));
        return m_out;
    }

private:
    /// Where an entry goes; empty, and told, when it is not taken.
    QString targetOf(archive_entry *entry)
    {
        const QString name = safeName(archive_entry_pathname_utf8(entry));
        if (name.isEmpty() || archive_entry_filetype(entry) != AE_IFREG
            || archive_entry_hardlink(entry) != nullptr) {
            const QString told = name.isEmpty() ? Text::tr("an entry without a usable name") : name;
            m_out.missing += Text::tr("%1 is no plain file.").arg(told);
            return {};
        }
        const QString path = m_folder.filePath(name);
        // Two entries of one name, or a file where another entry needs a folder.
        if (QFileInfo::exists(path) || !QDir().mkpath(QFileInfo(path).path())) {
            m_out.missing += Text::tr("%1 is there twice.").arg(name);
            return {};
        }
        return path;
    }

    /// False when nothing more can be taken.
    bool write(const QString &path, qint64 size)
    {
        if (m_out.files >= m_limits.files || size > m_limits.bytes - m_bytes) {
            m_out.missing += Text::tr("%1 and what follows is too much.")
                                 .arg(m_folder.relativeFilePath(path));
            return false;
        }
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly)) {
            m_out.missing += Text::tr("%1 can't be written: %2.").arg(path, file.errorString());
            return false;
        }
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        std::array<char, 65'536> bytes{};
        for (;;) {
            const la_ssize_t count = archive_read_data(m_in, bytes.data(), bytes.size());
            if (count == 0 && file.flush())
                return true;
            const bool isRead = count > 0 && (m_bytes += count) <= m_limits.bytes;
            if (!isRead || file.write(bytes.data(), count) != count) {
                file.remove();
                m_out.missing += Text::tr("%1 could not be saved whole.").arg(path);
                return false;
            }
        }
    }

    archive *m_in;
    QDir m_folder;
    UnpackLimits m_limits;
    qint64 m_bytes = 0;
    Unpacked m_out;
};

} // namespace

Unpacked unpackFiles(const QString &tar, const QString &folder,
    const std::vector<std::string> &secrets, const UnpackLimits &limits)
{
    const std::unique_ptr<archive, ReadClose> in(archive_read_new());
    archive_read_support_format_tar(in.get());
    if (archive_read_open_filename(in.get(), QFile::encodeName(tar).constData(), 65'536)
        != ARCHIVE_OK) {
        Unpacked out;
        out.missing += Text::tr("The archive can't be read: %1.")
                           .arg(QString::fromLocal8Bit(archive_error_string(in.get())));
        return out;
    }
    return Unpacking(in.get(), QDir(folder), limits).run(secrets);
}

} // namespace faultline::scenes
