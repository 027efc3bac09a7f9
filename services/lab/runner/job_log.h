// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "services/lab/runner/masker.h"

namespace faultline::lab {

/// The log of a job in the format of gitlab-runner: every line with its 32-byte timestamp header,
/// sections, secrets masked, and cut with the runner's own notice once the limit is reached.
class JobLog
{
public:
    enum class Stream { runner, scriptOutput, scriptError };
    using Clock = std::function<std::chrono::system_clock::time_point()>;

    JobLog(std::vector<std::string> secrets, std::size_t limit, Clock clock);

    /// Bytes as a program wrote them; an unfinished line waits for its end.
    void write(Stream stream, std::string_view bytes);
    /// One line of the runner itself, "\n" not included.
    void line(std::string_view text);
    void beginSection(std::string_view name, std::string_view header);
    void endSection(std::string_view name);
    /// Shows unfinished lines as they are: a program asked something, or shows progress, and now
    /// rests.
    void flushPartialLines();
    /// Shows all that was kept back. Call it between steps and at the end.
    void finish();

    /// All of the log so far.
    [[nodiscard]] const std::string &text() const { return m_text; }

private:
    struct Source
    {
        Masker masker;
        std::string partial;
        bool continues = false; ///< the last physical line of this source was shown unfinished
    };

    void append(Stream stream, std::string_view shown);
    void emit(Stream stream, std::string_view content);

    std::array<Source, 3> m_sources;
    std::size_t m_limit;
    Clock m_clock;
    std::string m_text;
    Stream m_lastPartial = Stream::runner;
    bool m_full = false;
};

} // namespace faultline::lab
