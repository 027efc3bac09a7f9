// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/runner/artifacts_archive.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <memory>

#include <archive.h>
#include <archive_entry.h>
#include <sys/stat.h>
#include <zlib.h>

#include "services/lab/runner/path_pattern.h"

namespace faultline::lab {

namespace {

namespace fs = std::filesystem;
using Done = tl::expected<void, std::string>;

constexpr std::size_t mostFiles = 100'000;

struct WriteClose
{
    void operator()(archive *a) const { archive_write_free(a); }
};
struct ReadClose
{
    void operator()(archive *a) const { archive_read_free(a); }
};
struct EntryClose
{
    void operator()(archive_entry *entry) const { archive_entry_free(entry); }
};
struct GzipClose
{
    void operator()(gzFile_s *file) const { gzclose(file); }
};

Done failed(archive *a)
{
    const char *text = archive_error_string(a);
    return tl::unexpected(std::string(text ? text : "the archive can't be handled"));
}

Done addFile(archive *zip, const fs::path &root, const std::string &name)
{
    const fs::path path = root / name;
    struct stat status
    {
    };
    // A file that vanished meanwhile is no reason to lose the others.
    if (lstat(path.c_str(), &status) != 0)
        return {};
    const std::unique_ptr<archive_entry, EntryClose> entry(archive_entry_new());
    archive_entry_copy_stat(entry.get(), &status);
    archive_entry_set_pathname(entry.get(), name.c_str());
    std::error_code error;
    if (S_ISLNK(status.st_mode))
        archive_entry_set_symlink(entry.get(), fs::read_symlink(path, error).c_str());
    else if (!S_ISREG(status.st_mode))
        return {};
    if (archive_write_header(zip, entry.get()) != ARCHIVE_OK)
        return failed(zip);
    if (S_ISLNK(status.st_mode))
        return {};
    std::ifstream in(path, std::ios::binary);
    std::array<char, 65536> buffer{};
    while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0)
        if (archive_write_data(zip, buffer.data(), static_cast<std::size_t>(in.gcount())) < 0)
            return failed(zip);
    return {};
}

} // namespace

std::vector<std::string> matchingFiles(const fs::path &root,
    const std::vector<std::string> &patterns, const std::vector<std::string> &excluded)
{
    std::vector<std::string> files;
    std::error_code error;
    fs::recursive_directory_iterator walk(
        root, fs::directory_options::skip_permission_denied, error);
    for (; !error && walk != fs::recursive_directory_iterator() && files.size() < mostFiles;
         walk.increment(error)) {
        const std::string name = walk->path().lexically_relative(root).generic_string();
        if (name == ".git") {
            walk.disable_recursion_pending();
            continue;
        }
        if (walk->is_directory(error) && !walk->is_symlink(error))
            continue;
        const auto matches = [&](const std::string &pattern) { return pathMatches(pattern, name); };
        if (std::any_of(patterns.begin(), patterns.end(), matches)
            && std::none_of(excluded.begin(), excluded.end(), matches))
            files.push_back(name);
    }
    std::sort(files.begin(), files.end());
    return files;
}

Done writeZip(const fs::path &target, const fs::path &root, const std::vector<std::string> &files)
{
    const std::unique_ptr<archive, WriteClose> zip(archive_write_new());
    if (archive_write_set_format_zip(zip.get()) != ARCHIVE_OK
        || archive_write_open_filename(zip.get(), target.c_str()) != ARCHIVE_OK)
        return failed(zip.get());
    for (const std::string &file : files)
        if (Done added = addFile(zip.get(), root, file); !added)
            return added;
    return archive_write_close(zip.get()) == ARCHIVE_OK ? Done() : failed(zip.get());
}

Done writeGzip(const fs::path &target, const fs::path &root, const std::vector<std::string> &files)
{
    const std::unique_ptr<gzFile_s, GzipClose> out(gzopen(target.c_str(), "wb"));
    if (!out)
        return tl::unexpected(std::string("the report can't be written"));
    for (const std::string &file : files) {
        std::ifstream in(root / file, std::ios::binary);
        std::array<char, 65536> buffer{};
        while (in.read(buffer.data(), buffer.size()) || in.gcount() > 0)
            if (gzwrite(out.get(), buffer.data(), static_cast<unsigned>(in.gcount())) <= 0)
                return tl::unexpected(std::string("the report can't be written"));
    }
    return {};
}

Done extractZip(const std::string &zip, const fs::path &root)
{
    const std::unique_ptr<archive, ReadClose> in(archive_read_new());
    archive_read_support_format_zip(in.get());
    if (archive_read_open_memory(in.get(), zip.data(), zip.size()) != ARCHIVE_OK)
        return failed(in.get());
    archive_entry *entry = nullptr;
    int state = ARCHIVE_OK;
    while ((state = archive_read_next_header(in.get(), &entry)) == ARCHIVE_OK) {
        const fs::path name = fs::path(archive_entry_pathname(entry)).lexically_normal();
        if (name.empty() || name.is_absolute() || *name.begin() == "..")
            return tl::unexpected(std::string("the archive holds a path outside of the project"));
        archive_entry_set_pathname(entry, (root / name).c_str());
        constexpr int flags
            = ARCHIVE_EXTRACT_PERM | ARCHIVE_EXTRACT_TIME | ARCHIVE_EXTRACT_SECURE_NODOTDOT;
        if (archive_read_extract(in.get(), entry, flags) < ARCHIVE_WARN)
            return failed(in.get());
    }
    return state == ARCHIVE_EOF ? Done() : failed(in.get());
}

} // namespace faultline::lab
