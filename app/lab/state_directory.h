// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <tl/expected.hpp>

#include <filesystem>
#include <string>

namespace faultline::lab {

/// The folder of one lab: made with mode 0700 and locked against a second lab for as long as this
/// object lives.
class StateDirectory
{
public:
    /// The error is a sentence for a person; it names the process that holds the folder.
    [[nodiscard]] static tl::expected<StateDirectory, std::string> open(
        const std::filesystem::path &path);

    StateDirectory(StateDirectory &&other) noexcept;
    StateDirectory &operator=(StateDirectory &&) = delete;
    ~StateDirectory();

    [[nodiscard]] const std::filesystem::path &path() const { return m_path; }
    /// The content of a small file, trimmed; empty when there is none.
    [[nodiscard]] std::string read(const std::string &name) const;
    /// Replaces a file in one step, mode 0600.
    [[nodiscard]] tl::expected<void, std::string> write(
        const std::string &name, const std::string &text) const;
    /// 32 random bytes in hexadecimal, made at the first call and kept in the file `name`.
    [[nodiscard]] tl::expected<std::string, std::string> secret(const std::string &name) const;
    /// Marks what this lab makes on the engine; never changes.
    [[nodiscard]] tl::expected<std::string, std::string> instance() const
    {
        return secret("instance");
    }

private:
    StateDirectory(std::filesystem::path path, int lock);

    std::filesystem::path m_path;
    int m_lock = -1;
};

} // namespace faultline::lab
