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

std::optional<std::string> syncFolder(const std::string &path)
{
    const std::string folder = std::filesystem::path(path).parent_path().string();
    const int file = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return std::strerror(errno);
    const bool isDone = ::fsync(file) == 0 || errno == EINVAL;
    const int why = errno;
    ::close(file);
    return isDone ? std::nullopt : std::optional<std::string>(std::strerror(why));
}

std::optional<std::string> replaceFile(
    const std::string &path, const std::string &bytes, bool isSynced)
{
    std::error_code error;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
    const std::string fresh = path + ".new";
    const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0)
        return path + ": " + std::strerror(errno);
    auto problem = writeAll(file, bytes);
    if (!problem && isSynced && ::fsync(file) != 0)
        problem = std::strerror(errno);
    if (::close(file) != 0 && !problem)
        problem = std::strerror(errno);
    if (!problem && std::rename(fresh.c_str(), path.c_str()) != 0)
        problem = std::strerror(errno);
    if (problem) {
        ::unlink(fresh.c_str());
        return path + ": " + *problem;
    }
    problem = isSynced ? syncFolder(path) : std::nullopt;
    return problem ? std::optional(path + ": " + *problem) : std::nullopt;
}

} // namespace faultline::runs
