// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QFile>
#include <QStringDecoder>

#include <chrono>

namespace faultline::ctl {

/// A recording of what a terminal showed, as asciicast v2 (docs.asciinema.org/manual/asciicast/v2):
/// the output only, never what was typed.
class TerminalCast
{
public:
    /// Why the file can't be made; empty when it is.
    [[nodiscard]] QString open(const QString &path, const QString &title);
    /// Bytes as they came; a piece may end in the middle of a character.
    void add(const QByteArray &bytes);
    [[nodiscard]] bool isWhole() const { return m_isWhole; }

private:
    QFile m_file;
    QStringDecoder m_decoder{ QStringDecoder::Utf8 };
    std::chrono::steady_clock::time_point m_begin;
    bool m_isWhole = true; ///< nothing could not be written
};

} // namespace faultline::ctl
