// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>

/// The one function of a target: libFuzzer calls it with inputs of its own, tst_corpus_replay with
/// the kept ones. There the build renames it to fuzz_<target>, as all targets share that program.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size);

namespace faultline::fuzz {

inline std::string_view textOf(const std::uint8_t *bytes, std::size_t size)
{
    return { reinterpret_cast<const char *>(bytes), size };
}

inline QByteArray bytesOf(std::string_view text)
{
    return QByteArray(text.data(), static_cast<qsizetype>(text.size()));
}

/// Two texts in one input: what stands before and behind its first NUL.
inline std::pair<std::string, std::string> twoTexts(std::string_view input)
{
    const std::size_t end = input.find('\0');
    if (end == std::string_view::npos)
        return { std::string(input), {} };
    return { std::string(input.substr(0, end)), std::string(input.substr(end + 1)) };
}

/// A promise of the code under test; a broken one is a finding like any crash.
inline void hold(bool promise, const char *what)
{
    if (promise)
        return;
    std::fprintf(stderr, "broken promise: %s\n", what);
    std::abort();
}

} // namespace faultline::fuzz
