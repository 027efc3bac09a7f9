// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/local_terminal.h"

#include <array>
#include <cerrno>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace faultline::ctl {

namespace {

// How soon a changed window is noticed; a signal handler would have to be the whole program's.
constexpr int sizeInterval = 250; // ms

} // namespace

class LocalTerminal::RawMode
{
public:
    RawMode()
    {
        if (tcgetattr(STDIN_FILENO, &m_before) != 0)
            return;
        termios raw = m_before;
        cfmakeraw(&raw);
        m_isChanged = tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
    }
    ~RawMode()
    {
        if (m_isChanged)
            tcsetattr(STDIN_FILENO, TCSADRAIN, &m_before);
    }
    RawMode(const RawMode &) = delete;
    RawMode &operator=(const RawMode &) = delete;

private:
    termios m_before{};
    bool m_isChanged = false;
};

LocalTerminal::LocalTerminal(Receivers receivers)
    : m_receivers(std::move(receivers))
    , m_rawMode(isTerminal() ? std::make_unique<RawMode>() : nullptr)
    , m_stop(eventfd(0, EFD_CLOEXEC))
    , m_thread([this] { read(); })
{
}

LocalTerminal::~LocalTerminal()
{
    const quint64 one = 1;
    while (::write(m_stop, &one, sizeof one) < 0 && errno == EINTR) { }
    m_thread.join();
    ::close(m_stop);
}

bool LocalTerminal::isTerminal()
{
    return isatty(STDIN_FILENO) == 1;
}

void LocalTerminal::tellSize(std::pair<int, int> &known) const
{
    winsize size{};
    if (!m_rawMode || ioctl(STDIN_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return;
    const std::pair<int, int> now(size.ws_col, size.ws_row);
    if (now != known)
        m_receivers.resized(now.first, now.second);
    known = now;
}

void LocalTerminal::read()
{
    std::pair<int, int> size(0, 0);
    std::array<char, 4096> buffer{};
    for (;;) {
        tellSize(size);
        std::array<pollfd, 2> watched{ pollfd{ m_stop, POLLIN, 0 },
            pollfd{ STDIN_FILENO, POLLIN, 0 } };
        const int ready = poll(watched.data(), watched.size(), m_rawMode ? sizeInterval : -1);
        if (ready < 0 && errno != EINTR)
            break;
        if (watched[0].revents != 0)
            return;
        if (ready <= 0 || watched[1].revents == 0)
            continue;
        const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            break;
        m_receivers.typed(QByteArray(buffer.data(), count));
    }
    m_receivers.ended();
}

} // namespace faultline::ctl
