// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/process/hand_undo.h"

namespace faultline::agent {
namespace {

/// In single quotes for a POSIX shell.
std::string quoted(const std::string &text)
{
    std::string out = "'";
    for (const char c : text)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + '\'';
}

/// `A,B` for an option that is given once for each.
std::string eachOf(std::string names)
{
    for (std::size_t at = names.find(','); at != std::string::npos; at = names.find(',', at))
        names.replace(at, 1, " --cap-add ");
    return names;
}

} // namespace

std::string handUndoCommand(
    const Spec &spec, const std::string &capabilities, const std::string &more)
{
    const bool own = spec.target.pids == Pids::Own;
    const nlohmann::json fault{
        { "id", spec.id }, { "kind", spec.kind }, { "arguments", spec.arguments },
        { "target", { { "container", spec.target.container }, { "pids", own ? "own" : "host" } } }
    };
    return "docker run --rm --network none --pid "
        + (own ? "container:" + spec.target.container : "host") + " --cap-drop ALL"
        + (capabilities.empty() ? "" : " --cap-add " + eachOf(capabilities))
        + (more.empty() ? "" : ' ' + more) + " faultline/agent:1 faultline-agent undo "
        + quoted(fault.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace));
}

std::string endHelperCommand(const Spec &spec)
{
    return "docker rm --force $(docker ps --quiet --filter label=faultline.fault=" + spec.id + ')';
}

} // namespace faultline::agent
