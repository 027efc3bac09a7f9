// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/frame/report.h"

#include "services/agent/frame/boot_clock.h"

#include <array>
#include <cstdio>
#include <poll.h>
#include <unistd.h>

namespace faultline::agent {
namespace {

constexpr std::size_t maxLine = 4096;
constexpr std::size_t maxText = 800;

std::string nowInUtc()
{
    timespec time{};
    ::clock_gettime(CLOCK_REALTIME, &time);
    tm parts{};
    ::gmtime_r(&time.tv_sec, &parts);
    std::array<char, 32> second{};
    std::strftime(second.data(), second.size(), "%Y-%m-%dT%H:%M:%S", &parts);
    std::array<char, 64> whole{};
    std::snprintf(whole.data(), whole.size(), "%s.%03ldZ", second.data(), time.tv_nsec / 1000000);
    return whole.data();
}

std::string dumped(const nlohmann::json &json)
{
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

} // namespace

std::string Report::line() const
{
    nlohmann::json json{ { "fault", fault }, { "state", state }, { "at", nowInUtc() },
        { "uptime", inSeconds(BootClock::now().time_since_epoch()) } };
    if (!mechanism.empty())
        json["mechanism"] = mechanism.substr(0, maxText);
    if (!detail.empty())
        json["detail"] = detail.substr(0, maxText);
    if (!undo.empty())
        json["undo"] = undo.substr(0, maxText);
    if (leaseLeft)
        json["leaseLeft"] = *leaseLeft;
    json["measured"] = measured;
    std::string text = dumped(json);
    if (text.size() > maxLine) {
        json.erase("measured");
        text = dumped(json);
    }
    return text;
}

void writeLine(int descriptor, const std::string &line)
{
    pollfd wait{ descriptor, POLLOUT, 0 };
    if (::poll(&wait, 1, 200) == 1 && (wait.revents & POLLOUT) != 0) [[maybe_unused]]
        const ssize_t sent = ::write(descriptor, line.data(), line.size());
}

} // namespace faultline::agent
