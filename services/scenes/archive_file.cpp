// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/scenes/archive_file.h"

#include "services/scenes/text.h"

#include <QDateTime>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <unistd.h>

namespace faultline::scenes {

namespace {

struct WriteClose
{
    void operator()(archive *a) const { archive_write_free(a); }
};
using Writer = std::unique_ptr<archive, WriteClose>;

struct EntryClose
{
    void operator()(archive_entry *entry) const { archive_entry_free(entry); }
};

domain::Error failed(const QString &target, const char *why)
{
    domain::Error out;
    out.kind = domain::ErrorKind::Local;
    out.message = Text::tr("The archive can't be written: %1.").arg(QString::fromLocal8Bit(why));
    out.where = target;
    return out;
}

bool addFile(archive *out, const QFileInfo &info, const QString &name)
{
    QFile file(info.filePath());
    if (!file.open(QIODevice::ReadOnly))
        return true; // it was there a moment ago; the rest is worth having
    const std::unique_ptr<archive_entry, EntryClose> entry(archive_entry_new());
    archive_entry_set_pathname_utf8(entry.get(), name.toUtf8().constData());
    archive_entry_set_filetype(entry.get(), AE_IFREG);
    archive_entry_set_perm(entry.get(), 0644);
    archive_entry_set_size(entry.get(), file.size());
    archive_entry_set_mtime(entry.get(), info.lastModified().toSecsSinceEpoch(), 0);
    if (archive_write_header(out, entry.get()) != ARCHIVE_OK)
        return false;
    std::array<char, 65'536> buffer{};
    for (;;) {
        const qint64 count = file.read(buffer.data(), buffer.size());
        if (count <= 0)
            return archive_write_finish_entry(out) == ARCHIVE_OK;
        if (archive_write_data(out, buffer.data(), static_cast<std::size_t>(count)) != count)
            return false;
    }
}

bool addAll(archive *out, const QString &folder, const QString &root)
{
    QStringList paths;
    QDirIterator files(
        folder, QDir::Files | QDir::NoSymLinks | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext())
        paths += files.next();
    paths.sort();
    const QDir base(folder);
    for (const QString &path : paths) {
        if (!addFile(out, QFileInfo(path), root + QLatin1Char('/') + base.relativeFilePath(path)))
            return false;
    }
    return true;
}

/// Everything down to the disk; the reason when that fails.
std::optional<domain::Error> writeArchive(
    int file, const QString &folder, const QString &root, const QString &target)
{
    const Writer out(archive_write_new());
    archive_write_set_format_pax_restricted(out.get());
    archive_write_add_filter_gzip(out.get());
    const bool isWritten = archive_write_open_fd(out.get(), file) == ARCHIVE_OK
        && addAll(out.get(), folder, root) && archive_write_close(out.get()) == ARCHIVE_OK;
    if (!isWritten) {
        const char *why = archive_error_string(out.get());
        return failed(target, why != nullptr ? why : "unknown reason");
    }
    if (::fsync(file) != 0)
        return failed(target, std::strerror(errno));
    return std::nullopt;
}

} // namespace

domain::Result<qint64> packFolder(const QString &folder, const QString &root, const QString &target)
{
    const QByteArray last = QFile::encodeName(target);
    const QByteArray fresh = last + ".new";
    const int file = ::open(fresh.constData(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (file < 0)
        return domain::failure(failed(target, std::strerror(errno)));
    auto problem = writeArchive(file, folder, root, target);
    if (::close(file) != 0 && !problem)
        problem = failed(target, std::strerror(errno));
    if (!problem && std::rename(fresh.constData(), last.constData()) != 0)
        problem = failed(target, std::strerror(errno));
    if (problem) {
        ::unlink(fresh.constData());
        return domain::failure(*problem);
    }
    return QFileInfo(target).size();
}

} // namespace faultline::scenes
