// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string_view>

namespace faultline::cases {

/// What a case file may say of one kind of fault.
struct FaultKind
{
    std::string_view name;
    bool lasts = true; ///< false: an instant, such as a kill; nothing is left to undo
    bool hasPeers = false; ///< cuts its target off from other roles (`args.from`)
    std::span<const std::string_view> arguments;
};

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
