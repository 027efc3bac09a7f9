// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/standard_input.h"

#include "app/ctl/text.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace faultline::ctl {

namespace {

constexpr int lookInterval = 100; // ms: how soon a cancel is noticed

} // namespace

domain::Result<QByteArray> readStandardInput(const Context &context, qsizetype most)
{
    using domain::ErrorKind;
    if (isatty(STDIN_FILENO) != 0)
        return domain::failure(ErrorKind::Invalid,
            Text::tr("Standard input is a terminal; for that use \"faultlinectl shell\"."));
    QByteArray out;
    std::array<char, 64 << 10> piece{};
    for (;;) {
        if (context.token().isCancelled())
            return domain::failure(ErrorKind::Cancelled, Text::tr("Cancelled."));
        if (context.remaining().count() == 0)
            return domain::failure(
                ErrorKind::Timeout, Text::tr("Standard input did not end in time."));
        pollfd watched{ STDIN_FILENO, POLLIN, 0 };
        if (poll(&watched, 1, lookInterval) <= 0)
            continue;
        const ssize_t count = read(STDIN_FILENO, piece.data(), piece.size());
        if (count == 0)
            return out;
        if (count < 0 && errno != EINTR && errno != EAGAIN)
            return domain::failure(ErrorKind::Local,
                Text::tr("Standard input can't be read: %1.")
                    .arg(QString::fromLocal8Bit(std::strerror(errno))));
        out.append(piece.data(), std::max<ssize_t>(count, 0));
        if (out.size() > most)
            return domain::failure(ErrorKind::Invalid,
                Text::tr("Standard input is longer than %1 MiB; copy it into the container another "
                         "way.")
                    .arg(most >> 20));
    }
}

} // namespace faultline::ctl
