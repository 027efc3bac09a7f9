// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/trace_store.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace faultline::lab {

namespace {

class OpenFile
{
public:
    OpenFile(const std::filesystem::path &path, int flags)
        : m_descriptor(open(path.c_str(), flags | O_CLOEXEC, 0600))
    {
    }
    ~OpenFile()
    {
        if (m_descriptor >= 0)
            close(m_descriptor);
    }
    OpenFile(const OpenFile &) = delete;
    OpenFile &operator=(const OpenFile &) = delete;
    [[nodiscard]] int descriptor() const { return m_descriptor; }

private:
    int m_descriptor;
};

tl::unexpected<std::string> failed(const char *what)
{
    return tl::unexpected(std::string(what) + ": " + std::strerror(errno));
}

} // namespace

TraceStore::TraceStore(std::filesystem::path folder)
    : m_folder(std::move(folder))
{
}

std::filesystem::path TraceStore::file(std::int64_t job) const
{
    return m_folder / (std::to_string(job) + ".log");
}

std::int64_t TraceStore::size(std::int64_t job) const
{
    struct stat status
    {
    };
    return stat(file(job).c_str(), &status) == 0 ? status.st_size : 0;
}

tl::expected<void, std::string> TraceStore::append(std::int64_t job, std::string_view bytes)
{
    const OpenFile out(file(job), O_WRONLY | O_CREAT | O_APPEND);
    if (out.descriptor() < 0)
        return failed("the log can't be opened");
    const std::int64_t before = size(job);
    while (!bytes.empty()) {
        const ssize_t written = write(out.descriptor(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            auto result = failed("the log can't be written");
            // Half a piece would make the runner's next one refused.
            if (ftruncate(out.descriptor(), before) != 0)
                return failed("the log can't be cut back");
            return result;
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

tl::expected<std::string, std::string> TraceStore::read(
    std::int64_t job, std::int64_t offset, std::int64_t length) const
{
    const OpenFile in(file(job), O_RDONLY);
    if (in.descriptor() < 0)
        return errno == ENOENT ? tl::expected<std::string, std::string>(std::string())
                               : failed("the log can't be opened");
    std::string bytes(static_cast<std::size_t>(length), '\0');
    std::size_t filled = 0;
    while (filled < bytes.size()) {
        const ssize_t got = pread(in.descriptor(), bytes.data() + filled, bytes.size() - filled,
            offset + static_cast<std::int64_t>(filled));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return failed("the log can't be read");
        if (got == 0)
            break;
        filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
}

void TraceStore::remove(std::int64_t job)
{
    std::error_code ignored; // it may never have been written
    std::filesystem::remove(file(job), ignored);
}

} // namespace faultline::lab
