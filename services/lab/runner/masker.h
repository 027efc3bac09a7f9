// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace faultline::lab {

/// Replaces secrets in a stream of bytes by "[MASKED]", also those that arrive in pieces.
class Masker
{
public:
    /// Secrets shorter than 4 bytes are left alone: masking them would make a log unreadable.
    explicit Masker(std::vector<std::string> secrets);

    /// What may be shown so far; the start of what may become a secret is kept back.
    [[nodiscard]] std::string feed(std::string_view bytes);
    /// What was kept back, because no more bytes come.
    [[nodiscard]] std::string finish();

private:
    [[nodiscard]] std::size_t keptBack() const;

    std::vector<std::string> m_secrets; // longest first
    std::string m_pending;
};

} // namespace faultline::lab
