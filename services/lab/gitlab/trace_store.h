// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace faultline::lab {

/// The jobs' logs as files that only grow: "<folder>/<job>.log". Lab thread.
class TraceStore
{
public:
    explicit TraceStore(std::filesystem::path folder);

    /// 0 when there is no log.
    [[nodiscard]] std::int64_t size(std::int64_t job) const;
    [[nodiscard]] tl::expected<void, std::string> append(std::int64_t job, std::string_view bytes);
    /// `length` bytes from `offset` on, fewer at the end.
    [[nodiscard]] tl::expected<std::string, std::string> read(
        std::int64_t job, std::int64_t offset, std::int64_t length) const;
    void remove(std::int64_t job);

private:
    [[nodiscard]] std::filesystem::path file(std::int64_t job) const;

    std::filesystem::path m_folder;
};

} // namespace faultline::lab
