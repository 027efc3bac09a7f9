// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace faultline::cases {

/// What one argument of a kind of fault may hold.
struct FaultArgument
{
    enum class Type {
        Duration, ///< "100ms"; a bare number is refused
        Offset, ///< a duration that may begin with "-"
        Percent, ///< 0 to 100
        Number,
        Count, ///< a whole number above zero
        Bytes, ///< "512MiB"
        Rate, ///< bytes a second: "1MiB", "1MiB/s"
        Word, ///< one of `words`
        Words, ///< names, with commas between them
        Flag, ///< true or false
        Text,
    };

    std::string_view name;
    Type type = Type::Text;
    bool isRequired = false;
    std::string_view words = {}; ///< with "|" between them
};

/// What a case file may say of one kind of fault.
struct FaultKind
{
    std::string_view name;
    bool lasts = true; ///< false: an instant, such as a kill; nothing is left to undo
    bool hasPeers = false; ///< cuts its target off from other roles (`args.from`)
    std::span<const FaultArgument> arguments;

    /// Null when the kind has no such argument.
    [[nodiscard]] const FaultArgument *argument(std::string_view wanted) const;
};

/// The number that a value stands for: milliseconds, percent, bytes, or as it is; nothing when it
/// is none, or the argument is no number.
[[nodiscard]] std::optional<double> argumentNumber(
    const FaultArgument &argument, std::string_view value);

/// What an argument must be ("a number from 0 to 100") when the value is none; empty when it is.
[[nodiscard]] std::string complaintOf(const FaultArgument &argument, std::string_view value);

/// What a case file may say of one kind of check.
struct CheckKind
{
    std::string_view name;
    bool isDefault = false; ///< on in every case unless it is skipped by this id
    bool judgesResult = true; ///< says something about the result, not only that machines lived
    std::span<const std::string_view> required;
    std::span<const std::string_view> optional;
};

/// Every kind there is; which of them a machine can do is told by `faultlinectl chaos kinds`.
[[nodiscard]] std::span<const FaultKind> faultKinds();
[[nodiscard]] const FaultKind *findFaultKind(std::string_view name);

[[nodiscard]] std::span<const CheckKind> checkKinds();
[[nodiscard]] const CheckKind *findCheckKind(std::string_view name);

/// What an anomaly may be called.
[[nodiscard]] std::span<const std::string_view> anomalyNames();

} // namespace faultline::cases
