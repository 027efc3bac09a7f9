// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QStringList>

#include <optional>

namespace faultline::ctl {

/// Rancher never tells how a command ended, so the command is wrapped in a shell that writes it
/// behind the output, after a mark that nobody can guess (facts: rancher.md §5.3).
class ExitMark
{
public:
    /// `secret`: letters and digits.
    explicit ExitMark(const QByteArray &secret);

    /// `command` for the container: both of its streams in one, and its exit code behind the mark.
    /// With `input`, it reads the next so many bytes that are sent, and then the end, which the
    /// socket itself has no word for.
    [[nodiscard]] QStringList wrapped(const QStringList &command, qint64 input = -1) const;

    /// What can be shown of the output so far: all but what may be the beginning of the mark.
    [[nodiscard]] QByteArray add(const QByteArray &bytes);
    /// What was held back after all, at the end of the output.
    [[nodiscard]] QByteArray finish();
    /// Known once the mark was seen.
    [[nodiscard]] std::optional<int> exitCode() const { return m_exitCode; }

private:
    QByteArray m_mark;
    QByteArray m_held;
    std::optional<int> m_exitCode;
};

} // namespace faultline::ctl
