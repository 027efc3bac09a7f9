// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace faultline::runs {

/// Something that a command of a run did to the run's own stack on purpose, so that the death of a
/// container that follows is no crash. One line of `acts.jsonl` in the bundle.
struct Act
{
    std::string verb; ///< "stop", "scale", …
    std::string id; ///< of the container, service or stack
    std::int64_t wallMicros = 0;
};

/// Adds it to the bundle before anything is touched; why that failed.
[[nodiscard]] std::optional<std::string> writeAct(const std::string &bundle, const Act &act);

/// Reads a bundle's acts as they come.
class Acts
{
public:
    explicit Acts(const std::string &bundle);

    /// True when one of the objects with these ids was acted on within the last two minutes: a stop
    /// may wait for its process, a scaling for an image.
    [[nodiscard]] bool explain(const std::vector<std::string> &ids, std::int64_t nowMicros);

private:
    void readOn();

    const std::string m_path;
    std::uint64_t m_read = 0;
    std::vector<Act> m_acts;
};

} // namespace faultline::runs
