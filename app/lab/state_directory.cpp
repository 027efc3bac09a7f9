// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/lab/state_directory.h"

#include "services/lab/store/random_text.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

namespace faultline::lab {

namespace {

constexpr mode_t privateFile = 0600;
constexpr mode_t privateFolder = 0700;
constexpr std::size_t secretBytes = 32;

std::string systemWords()
{
    return std::error_code(errno, std::system_category()).message();
}

tl::expected<void, std::string> makeFolder(const std::filesystem::path &path)
{
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    if (error)
        return tl::make_unexpected(
            "Can't make " + path.parent_path().string() + ": " + error.message() + ".");
    if (mkdir(path.c_str(), privateFolder) != 0 && errno != EEXIST)
        return tl::make_unexpected("Can't make " + path.string() + ": " + systemWords() + ".");
    return {};
}

} // namespace

StateDirectory::StateDirectory(std::filesystem::path path, int lock)
    : m_path(std::move(path))
    , m_lock(lock)
{
}

StateDirectory::StateDirectory(StateDirectory &&other) noexcept
    : m_path(std::move(other.m_path))
    , m_lock(std::exchange(other.m_lock, -1))
{
}

StateDirectory::~StateDirectory()
{
    if (m_lock >= 0)
        close(m_lock);
}

tl::expected<StateDirectory, std::string> StateDirectory::open(const std::filesystem::path &path)
{
    std::error_code error;
    const std::filesystem::path full = std::filesystem::absolute(path, error).lexically_normal();
    if (auto made = makeFolder(full); !made)
        return tl::make_unexpected(made.error());
    const std::filesystem::path file = full / "lab.lock";
    const int lock = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, privateFile);
    if (lock < 0)
        return tl::make_unexpected("Can't open " + file.string() + ": " + systemWords() + ".");
    StateDirectory directory(full, lock);
    if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
        const std::string holder = directory.read("lab.lock");
        return tl::make_unexpected("A lab with the state directory " + full.string()
            + " runs already, as process " + holder
            + ". Use that one, end it, or choose another --state.");
    }
    const std::string self = std::to_string(getpid()) + "\n";
    if (ftruncate(lock, 0) != 0
        || ::write(lock, self.data(), self.size()) != static_cast<ssize_t>(self.size()))
        return tl::make_unexpected("Can't write " + file.string() + ": " + systemWords() + ".");
    return directory;
}

std::string StateDirectory::read(const std::string &name) const
{
    std::ifstream file(m_path / name);
    std::ostringstream text;
    text << file.rdbuf();
    std::string content = text.str();
    while (!content.empty() && (content.back() == '\n' || content.back() == ' '))
        content.pop_back();
    return content;
}

tl::expected<void, std::string> StateDirectory::write(
    const std::string &name, const std::string &text) const
{
    const std::filesystem::path file = m_path / name;
    if (auto made = makeFolder(file.parent_path()); !made)
        return made;
    const std::filesystem::path fresh = file.string() + ".new";
    const int descriptor
        = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, privateFile);
    bool written = descriptor >= 0
        && ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size())
        && fsync(descriptor) == 0;
    const std::string words = systemWords();
    if (descriptor >= 0)
        close(descriptor);
    written = written && rename(fresh.c_str(), file.c_str()) == 0;
    if (!written)
        return tl::make_unexpected("Can't write " + file.string() + ": " + words + ".");
    return {};
}

tl::expected<std::string, std::string> StateDirectory::secret(const std::string &name) const
{
    if (std::string kept = read(name); !kept.empty())
        return kept;
    std::string fresh = randomHex(secretBytes);
    if (auto written = write(name, fresh + "\n"); !written)
        return tl::make_unexpected(written.error());
    return fresh;
}

} // namespace faultline::lab
