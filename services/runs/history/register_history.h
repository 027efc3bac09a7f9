// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace faultline::runs {

/// One operation on one register. Values are numbers that stand for JSON values; 0 is null.
struct RegisterOperation
{
    enum class Kind { Read, Write, CompareAndSet };
    Kind kind = Kind::Read;
    int value = 0; ///< read: what was seen; write, cas: what is set
    int expected = 0; ///< cas: what has to be there
    std::int64_t call = 0; ///< place in the history at which it began
    std::int64_t end = 0; ///< place at which its end was known
    bool isOpen = false; ///< nobody knows whether it happened: it may take effect at any later
                         ///< time, or never
    int process = 0;
    std::int64_t line = 0; ///< of its beginning in the file, from 1
};

/// The operations of a history, by register.
struct RegisterHistory
{
    std::map<std::string, std::vector<RegisterOperation>> registers;
    std::vector<std::string> values; ///< JSON text of each number
    std::int64_t operations = 0; ///< all that were begun
    std::int64_t open = 0; ///< those without a known end
    bool isTorn = false; ///< the last line was cut off and left out
};

/// A history or the reason why it can't be judged, with its line.
struct ParsedHistory
{
    std::optional<RegisterHistory> history;
    std::string problem;
};

/// Reads JSON lines in the order in which things happened:
/// `{"process": 1, "type": "invoke", "f": "write", "key": "x", "value": 3}`, and later the same
/// with "ok" (a read: with the value that was seen), "fail" (it certainly did not happen) or "info"
/// (nobody knows). `f` is read, write, or cas with `value: [expected, new]`; without a key there is
/// one register. A process has one operation under way at most. A last line without its end is left
/// out.
[[nodiscard]] ParsedHistory parseHistory(const std::string &text);

} // namespace faultline::runs
