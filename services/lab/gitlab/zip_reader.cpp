// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/zip_reader.h"

#include <array>
#include <memory>

#include <archive.h>
#include <archive_entry.h>

namespace faultline::lab {

namespace {

constexpr std::size_t largestFile = 512U << 20U;
constexpr std::size_t blockSize = 64 * 1024;

struct Close
{
    void operator()(archive *a) const { archive_read_free(a); }
};

std::optional<std::string> contentOf(archive *in)
{
    std::string content;
    std::array<char, blockSize> buffer{};
    la_ssize_t got = 0;
    while ((got = archive_read_data(in, buffer.data(), buffer.size())) > 0) {
        if (content.size() + static_cast<std::size_t>(got) > largestFile)
            return std::nullopt;
        content.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return got == 0 ? std::optional(std::move(content)) : std::nullopt;
}

} // namespace

std::optional<std::string> fileOfZip(const std::filesystem::path &zip, const std::string &name)
{
    const std::unique_ptr<archive, Close> in(archive_read_new());
    archive_read_support_format_zip(in.get());
    if (archive_read_open_filename(in.get(), zip.c_str(), blockSize) != ARCHIVE_OK)
        return std::nullopt;
    archive_entry *entry = nullptr;
    while (archive_read_next_header(in.get(), &entry) == ARCHIVE_OK)
        if (const char *path = archive_entry_pathname(entry); path && name == path)
            return contentOf(in.get());
    return std::nullopt;
}

} // namespace faultline::lab
