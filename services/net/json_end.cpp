// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/net/json_end.h"

namespace faultline::net {

bool isWholeJson(const QByteArray &body)
{
    const QByteArray start = body.left(64).trimmed();
    if (!start.startsWith('{') && !start.startsWith('['))
        return true;
    qsizetype depth = 0;
    bool inString = false;
    for (qsizetype i = 0; i < body.size(); ++i) {
        const char c = body.at(i);
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            ++depth;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return depth <= 0 && !inString;
}

} // namespace faultline::net
