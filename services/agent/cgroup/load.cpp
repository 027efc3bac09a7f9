// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/cgroup/load.h"

#include <algorithm>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <string>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace faultline::agent {
namespace {

constexpr auto slice = std::chrono::milliseconds(100);
constexpr std::size_t pageSize = 4096;

void pauseUntil(BootClock::time_point time)
{
    const auto left
        = std::chrono::duration_cast<std::chrono::milliseconds>(time - BootClock::now()).count();
    if (left > 0)
        ::poll(nullptr, 0, static_cast<int>(left));
}

/// Processor time that this process used so far.
std::uint64_t usedMilliseconds()
{
    timespec used{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<std::uint64_t>(used.tv_sec) * 1000
        + static_cast<std::uint64_t>(used.tv_nsec) / 1'000'000;
}

} // namespace

ProcessorLoad::ProcessorLoad(int workers, double percent)
    : m_workers(workers)
    , m_percent(percent)
{
}

void ProcessorLoad::work(SharedWork &work) const
{
    const auto busy = std::chrono::duration_cast<BootClock::duration>(slice) * m_percent / 100;
    std::uint64_t told = 0;
    while (!work.isOver()) {
        const auto begin = BootClock::now();
        // Told as it goes: what is read in the middle of a slice is right, too.
        while (BootClock::now() - begin < busy)
            if (const std::uint64_t used = usedMilliseconds(); used > told) {
                work.add(used - told);
                told = used;
            }
        pauseUntil(begin + slice);
    }
}

MemoryLoad::MemoryLoad(std::uint64_t bytes)
    : m_bytes(bytes)
{
}

void MemoryLoad::work(SharedWork &work) const
{
    std::ofstream("/proc/self/oom_score_adj") << "1000\n";
    void *const memory
        = ::mmap(nullptr, m_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return;
    auto *const bytes = static_cast<volatile unsigned char *>(memory);
    for (unsigned char round = 1; !work.isOver(); ++round) {
        for (std::size_t at = 0; at < m_bytes && !work.isOver(); at += pageSize)
            bytes[at] = round;
        pauseUntil(BootClock::now() + slice);
    }
}

TransferLoad::TransferLoad(int workers, int folder, std::uint64_t bytes)
    : m_workers(workers)
    , m_folder(folder)
    , m_bytes(bytes)
{
}

TransferLoad::~TransferLoad()
{
    if (m_folder >= 0)
        ::close(m_folder);
}

void TransferLoad::work(SharedWork &work) const
{
    constexpr std::size_t piece = 1U << 20U;
    const int file = openWithoutName(m_folder);
    if (file < 0)
        return;
    std::vector<char> block(piece, 'f');
    while (!work.isOver()) {
        for (std::uint64_t at = 0; at < m_bytes && !work.isOver(); at += piece) {
            if (::pwrite(file, block.data(), piece, static_cast<off_t>(at)) <= 0
                || ::fdatasync(file) != 0)
                break;
            work.add(piece);
        }
        // From the disk, not from memory.
        ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
        for (std::uint64_t at = 0; at < m_bytes && !work.isOver(); at += piece) {
            if (::pread(file, block.data(), piece, static_cast<off_t>(at)) <= 0)
                break;
            work.add(piece);
        }
        // A full disk must not make it spin.
        if (work.done() == 0)
            pauseUntil(BootClock::now() + slice);
    }
    ::close(file);
}

int openWithoutName(int folder)
{
    const int file = ::openat(folder, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0)
        return file;
    // An older overlay has no such files; one that is removed at once is as good.
    const std::string name = ".faultline-" + std::to_string(::getpid()) + "-"
        + std::to_string(BootClock::now().time_since_epoch().count());
    const int named = ::openat(folder, name.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (named >= 0)
        ::unlinkat(folder, name.c_str(), 0);
    return named;
}

} // namespace faultline::agent
