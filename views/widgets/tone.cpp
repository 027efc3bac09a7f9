// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/tone.h"

namespace faultline::views {

Token tokenFor(domain::Tone tone)
{
    switch (tone) {
    case domain::Tone::Ok:
        return Token::Ok;
    case domain::Tone::Busy:
        return Token::Accent;
    case domain::Tone::Warning:
        return Token::Warning;
    case domain::Tone::Failed:
        return Token::Failed;
    case domain::Tone::Idle:
        return Token::Muted;
    case domain::Tone::Unknown:
        break;
    }
    return Token::Unknown;
}

QString iconFor(domain::Tone tone)
{
    switch (tone) {
    case domain::Tone::Ok:
        return QStringLiteral("verdict-pass");
    case domain::Tone::Busy:
        return QStringLiteral("verdict-running");
    case domain::Tone::Warning:
        return QStringLiteral("verdict-warning");
    case domain::Tone::Failed:
        return QStringLiteral("verdict-fail");
    case domain::Tone::Idle:
        return QStringLiteral("verdict-queued");
    case domain::Tone::Unknown:
        break;
    }
    return QStringLiteral("verdict-unknown");
}

const char *toneName(domain::Tone tone)
{
    switch (tone) {
    case domain::Tone::Ok:
        return "ok";
    case domain::Tone::Busy:
        return "accent";
    case domain::Tone::Warning:
        return "warning";
    case domain::Tone::Failed:
        return "failed";
    case domain::Tone::Idle:
        return "muted";
    case domain::Tone::Unknown:
        break;
    }
    return "unknown";
}

} // namespace faultline::views
