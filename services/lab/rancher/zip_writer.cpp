// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/zip_writer.h"

#include <memory>

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>

namespace faultline::lab {

namespace {

struct WriteClose
{
    void operator()(archive *a) const { archive_write_free(a); }
};
struct EntryClose
{
    void operator()(archive_entry *entry) const { archive_entry_free(entry); }
};

constexpr std::size_t roomForFrames = 4096; // headers and the directory at the end

} // namespace

std::optional<std::string> zipOf(const std::vector<std::pair<std::string, std::string>> &files)
{
    std::size_t room = roomForFrames;
    for (const auto &[name, content] : files)
        room += 2 * name.size() + content.size() + content.size() / 8 + 512;
    std::string out(room, '\0');
    std::size_t used = 0;
    const std::unique_ptr<archive, WriteClose> zip(archive_write_new());
    if (archive_write_set_format_zip(zip.get()) != ARCHIVE_OK
        || archive_write_set_bytes_in_last_block(zip.get(), 1) != ARCHIVE_OK
        || archive_write_open_memory(zip.get(), out.data(), out.size(), &used) != ARCHIVE_OK)
        return std::nullopt;
    for (const auto &[name, content] : files) {
        const std::unique_ptr<archive_entry, EntryClose> entry(archive_entry_new());
        archive_entry_set_pathname(entry.get(), name.c_str());
        archive_entry_set_filetype(entry.get(), S_IFREG);
        archive_entry_set_perm(entry.get(), 0644);
        archive_entry_set_size(entry.get(), static_cast<la_int64_t>(content.size()));
        if (archive_write_header(zip.get(), entry.get()) != ARCHIVE_OK
            || archive_write_data(zip.get(), content.data(), content.size()) < 0)
            return std::nullopt;
    }
    if (archive_write_close(zip.get()) != ARCHIVE_OK)
        return std::nullopt;
    out.resize(used);
    return out;
}

} // namespace faultline::lab
