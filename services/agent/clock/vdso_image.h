// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace faultline::agent {

/// The vDSO as this kernel maps it into every 64-bit process: pristine bytes, the clock functions
/// in it and the room behind what is used at run time. Offsets are in bytes from its beginning.
struct VdsoImage
{
    std::vector<std::byte> bytes;
    std::size_t clockGettime = 0;
    std::size_t gettimeofday = 0;
    std::size_t time = 0;
    std::size_t spare
        = 0; ///< first byte behind the loaded segment; nothing from there on is read by a program
    std::size_t zeros = 0; ///< first byte from which on all are zero
};

/// Reads the image out of this process. Nothing if the kernel gave none or one that isn't
/// understood; `reason` then says why in a clause ("the kernel maps no vDSO").
[[nodiscard]] std::optional<VdsoImage> ownVdso(std::string &reason);

/// The same from bytes: trusts no offset in them.
[[nodiscard]] std::optional<VdsoImage> parseVdso(
    std::span<const std::byte> bytes, std::string &reason);

} // namespace faultline::agent
