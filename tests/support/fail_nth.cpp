// SPDX-License-Identifier: GPL-3.0-or-later
// Preloaded into a program: the N-th call of one function that concerns files below a folder fails
// with EIO or ENOSPC, as a broken or full disk does. FAIL_CALL=open|write|fsync|rename,
// FAIL_NTH=1…, FAIL_BELOW=folder, FAIL_ERRNO=number. A failing write takes half of its bytes when
// it is the one before. Says "the disk failed" on standard error when it did.
#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <dlfcn.h>
#include <fcntl.h>
#include <unistd.h>

namespace {

std::atomic<int> calls{ 0 };

bool isBelow(const char *path)
{
    const char *folder = std::getenv("FAIL_BELOW");
    return folder != nullptr && path != nullptr
        && std::strncmp(path, folder, std::strlen(folder)) == 0;
}

bool isOfThem(int file)
{
    std::array<char, 64> link{};
    std::array<char, PATH_MAX> target{};
    std::snprintf(link.data(), link.size(), "/proc/self/fd/%d", file);
    const ssize_t size = readlink(link.data(), target.data(), target.size() - 1);
    return size > 0 && isBelow(target.data());
}

/// True when this call of `name` has to fail; errno is set then.
bool hasToFail(const char *name)
{
    const char *wanted = std::getenv("FAIL_CALL");
    const char *number = std::getenv("FAIL_NTH");
    if (wanted == nullptr || number == nullptr || std::strcmp(wanted, name) != 0)
        return false;
    if (++calls != std::atoi(number))
        return false;
    static const char text[] = "the disk failed\n";
    using Write = ssize_t (*)(int, const void *, size_t);
    reinterpret_cast<Write>(dlsym(RTLD_NEXT, "write"))(2, text, sizeof text - 1);
    const char *error = std::getenv("FAIL_ERRNO");
    errno = error != nullptr ? std::atoi(error) : EIO;
    return true;
}

template <typename Function>
Function next(const char *name)
{
    return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

} // namespace

extern "C" {

ssize_t write(int file, const void *bytes, size_t size)
{
    const auto real = next<ssize_t (*)(int, const void *, size_t)>("write");
    if (isOfThem(file) && hasToFail("write")) {
        const int why = errno;
        if (size > 1)
            (void)!real(file, bytes, size / 2); // a disk that fails in the middle
        errno = why;
        return -1;
    }
    return real(file, bytes, size);
}

int fsync(int file)
{
    if (isOfThem(file) && hasToFail("fsync"))
        return -1;
    return next<int (*)(int)>("fsync")(file);
}

int rename(const char *from, const char *to) noexcept
{
    if (isBelow(to) && hasToFail("rename"))
        return -1;
    return next<int (*)(const char *, const char *)>("rename")(from, to);
}

int open(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    const mode_t mode = va_arg(more, mode_t);
    va_end(more);
    if ((flags & (O_WRONLY | O_RDWR)) != 0 && isBelow(path) && hasToFail("open"))
        return -1;
    return next<int (*)(const char *, int, ...)>("open")(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list more;
    va_start(more, flags);
    const mode_t mode = va_arg(more, mode_t);
    va_end(more);
    if ((flags & (O_WRONLY | O_RDWR)) != 0 && isBelow(path) && hasToFail("open"))
        return -1;
    return next<int (*)(const char *, int, ...)>("open64")(path, flags, mode);
}

} // extern "C"
