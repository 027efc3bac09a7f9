// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace faultline::scenes {

/// Takes secrets out of text that leaves a cluster: those that are known, and what looks like one
/// (a value behind "password", "token" and the like, credentials in addresses, private keys). It
/// can't know every form; what it takes out becomes "***". Feed it a text's lines in order.
class SecretMask
{
public:
    /// Known secrets; those shorter than 6 bytes are left alone, since they would hit anything.
    explicit SecretMask(std::vector<std::string> secrets = {});

    /// One line without its end.
    [[nodiscard]] std::string masked(std::string_view line);
    /// A whole text.
    [[nodiscard]] static std::string maskedText(
        const std::vector<std::string> &secrets, std::string_view text);

private:
    std::vector<std::string> m_secrets; // the longest first
    bool m_isInKey = false; // between the first and the last line of a private key
};

/// True for a name of a variable whose value is a secret ("RANCHER_SECRET_KEY").
[[nodiscard]] bool isSecretName(std::string_view name);

} // namespace faultline::scenes
