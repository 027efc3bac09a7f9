// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/cases/schema/diagnostics.h"

#include <algorithm>

namespace faultline::cases {

std::string Diagnostic::text() const
{
    std::string out = file;
    if (place.line > 0)
        out += ':' + std::to_string(place.line) + ':' + std::to_string(place.column);
    out += level == Level::Error ? ": error: " : ": warning: ";
    out += message;
    if (!hint.empty())
        out += " (" + hint + ')';
    return out + " [" + rule + ']';
}

bool hasErrors(const Diagnostics &diagnostics)
{
    return std::any_of(diagnostics.begin(), diagnostics.end(),
        [](const Diagnostic &diagnostic) { return diagnostic.level == Diagnostic::Level::Error; });
}

} // namespace faultline::cases
