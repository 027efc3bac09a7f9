// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/runs/record/plain_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include <fcntl.h>
#include <unistd.h>

namespace faultline::runs {

std::optional<std::string> writeAll(int file, const std::string &bytes)
{
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t count = ::write(file, bytes.data() + done, bytes.size() - done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return std::strerror(errno);
        done += static_cast<std::size_t>(count);
    }
    return std::nullopt;
}

std::optional<std::string> replaceFile(const std::string &path, const std::string &bytes)
{
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
    const std::string fresh = path + ".new";
    const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0)
        return path + ": " + std::strerror(errno);
    auto problem = writeAll(file, bytes);
    if (::close(file) != 0 && !problem)
        problem = std::strerror(errno);
    if (!problem && std::rename(fresh.c_str(), path.c_str()) != 0)
        problem = std::strerror(errno);
    if (!problem)
        return std::nullopt;
    ::unlink(fresh.c_str());
    return path + ": " + *problem;
}

} // namespace faultline::runs
