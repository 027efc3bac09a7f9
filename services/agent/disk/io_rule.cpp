// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/disk/io_rule.h"

#include "services/agent/process/process_memory.h"

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <span>
#include <sys/syscall.h>
#include <unistd.h>

namespace faultline::agent {
namespace {

std::string linkOf(pid_t thread, const std::string &name)
{
    std::array<char, 4096> target{};
    const ssize_t size = ::readlink(
        ("/proc/" + std::to_string(thread) + '/' + name).c_str(), target.data(), target.size());
    return size > 0 ? std::string(target.data(), static_cast<std::size_t>(size)) : std::string();
}

/// A text in the memory of a thread, cut at the end of a page if it can't be read beyond.
std::string textAt(pid_t thread, std::uintptr_t address)
{
    constexpr std::size_t page = 4096;
    const ProcessMemory memory(thread);
    std::array<char, page> bytes{};
    const std::size_t size = page - address % page;
    if (!memory.read(address, std::as_writable_bytes(std::span(bytes)).first(size)))
        return {};
    std::string text(bytes.data(), strnlen(bytes.data(), size));
    if (text.size() == size
        && memory.read(address + size, std::as_writable_bytes(std::span(bytes)).first(page)))
        text.append(bytes.data(), strnlen(bytes.data(), page));
    return text;
}

std::string pathOfOpen(pid_t thread, int folder, std::uintptr_t name)
{
    const std::string text = textAt(thread, name);
    if (text.empty())
        return {};
    const std::filesystem::path base = text.front() == '/'
        ? "/"
        : linkOf(thread, folder == AT_FDCWD ? "cwd" : "fd/" + std::to_string(folder));
    return (base / text).lexically_normal().string();
}

} // namespace

bool IoRule::covers(std::string_view file) const
{
    if (!file.starts_with(path))
        return false;
    return file.size() == path.size() || path.ends_with('/') || file[path.size()] == '/'
        || file.substr(path.size()) == " (deleted)";
}

#if defined(__x86_64__)

std::optional<FileOperation> operationOf(std::uint64_t number)
{
    switch (number) {
    case SYS_open:
    case SYS_creat:
    case SYS_openat:
    case SYS_openat2:
        return FileOperation::Open;
    case SYS_read:
    case SYS_pread64:
    case SYS_readv:
    case SYS_preadv:
    case SYS_preadv2:
        return FileOperation::Read;
    case SYS_write:
    case SYS_pwrite64:
    case SYS_writev:
    case SYS_pwritev:
    case SYS_pwritev2:
    case SYS_fallocate:
    case SYS_ftruncate:
        return FileOperation::Write;
    case SYS_fsync:
    case SYS_fdatasync:
    case SYS_sync_file_range:
    case SYS_syncfs:
        return FileOperation::Sync;
    default:
        return std::nullopt;
    }
}

std::string pathOf(pid_t thread, const SystemCall &call)
{
    switch (call.number) {
    case SYS_open:
    case SYS_creat:
        return pathOfOpen(thread, AT_FDCWD, call.arguments[0]);
    case SYS_openat:
    case SYS_openat2:
        return pathOfOpen(thread, static_cast<int>(call.arguments[0]), call.arguments[1]);
    default:
        return linkOf(thread, "fd/" + std::to_string(static_cast<int>(call.arguments[0])));
    }
}

#else

std::optional<FileOperation> operationOf(std::uint64_t)
{
    return std::nullopt;
}
std::string pathOf(pid_t, const SystemCall &)
{
    return {};
}

#endif

} // namespace faultline::agent
