// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>

namespace faultline::ctl {

/// Makes a log safe to look at, however its bytes are cut: escape sequences go (colours stay with
/// keepColours), and other control characters but "\n", "\r" and "\t". With `isJobLog` also the
/// marks that GitLab's runner adds: timestamps at the start of lines and section markers (facts:
/// gitlab.md §10).
class LogText
{
public:
    struct Options
    {
        bool keepColours = false;
        bool isJobLog = false;
        bool keepTimestamps = false;
    };
    explicit LogText(Options options);

    /// What can be shown of `bytes`; an unfinished line is kept back until its end arrives, or 64
    /// KiB of it.
    [[nodiscard]] QByteArray add(const QByteArray &bytes);
    /// The rest, when nothing more comes.
    [[nodiscard]] QByteArray finish();

private:
    [[nodiscard]] QByteArray cleaned(const QByteArray &line);

    Options m_options;
    QByteArray m_rest;
    bool m_isFirst = true;
    bool m_hasTimestamps = false;
};

} // namespace faultline::ctl
