// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/frame/life_cycle.h"
#include "services/agent/frame/relay.h"
#include "services/agent/kinds.h"

#include <array>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <sys/signalfd.h>
#include <vector>

namespace agent = faultline::agent;

namespace {

constexpr const char *usage = R"(usage: faultline-agent run [--stdin-is-control] [JSON|-]
       faultline-agent undo [JSON|-]
       faultline-agent probe [JSON|-]
       faultline-agent kinds
       faultline-agent control
Without JSON the fault comes from the environment variable FAULTLINE_FAULT; with - from standard input.
)";

void tell(const std::string &line)
{
    agent::writeLine(STDOUT_FILENO, line);
}

/// Exit codes are of this program's own contract; a fault that never began is told like one, so
/// that a reader of the lines needs nothing else.
int refuse(const agent::Failure &failure, const std::string &fault = {})
{
    agent::Report report;
    report.fault = fault;
    report.state = "refused";
    report.detail = failure.text;
    tell(report.line());
    std::cerr << "faultline-agent: " << failure.text << '\n';
    return static_cast<int>(failure.refusal);
}

std::string faultText(const std::vector<std::string> &arguments)
{
    if (arguments.empty()) {
        const char *const given = std::getenv("FAULTLINE_FAULT");
        return given ? given : "";
    }
    if (arguments[0] == "-")
        return { std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>() };
    return arguments[0];
}

agent::Descriptor blockSignals()
{
    sigset_t signals;
    sigemptyset(&signals);
    for (const int one : { SIGTERM, SIGINT, SIGHUP })
        sigaddset(&signals, one);
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    return agent::Descriptor(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

int runFault(const agent::Spec &spec, agent::Fault &fault, bool stdinIsControl)
{
    const agent::Descriptor signals = blockSignals();
    auto control = agent::Control::listen();
    if (!control)
        return refuse(control.error(), spec.id);
    if (stdinIsControl)
        control->add(agent::Descriptor(::dup(STDIN_FILENO)), true);
    agent::LifeCycle life(spec, fault, *control, { .tell = tell, .stopSignals = signals.get() });
    const int code = life.run();
    control->close();
    return code;
}

int undoFault(const agent::Spec &spec, agent::Fault &fault)
{
    const agent::Descriptor signals = blockSignals();
    constexpr int patience = 15;
    const agent::LivingAgent living = agent::stopLivingAgent(patience);
    agent::Control none;
    agent::LifeCycle life(spec, fault, none, { .tell = tell });
    const int code = life.undo();
    if (!living.ended && code == 0)
        return refuse(
            { agent::Refusal::Leaked, "The agent of this fault did not end when it was asked to" },
            spec.id);
    return code;
}

int probeFault(const agent::Spec &spec, agent::Fault &fault)
{
    agent::Control none;
    agent::LifeCycle life(spec, fault, none, { .tell = tell });
    return life.probe();
}

int tellKinds()
{
    for (const agent::Kind &kind : agent::kinds()) {
        const agent::Ability ability = kind.ability();
        nlohmann::json json{ { "kind", kind.name }, { "can", ability.can },
            { "mechanism", ability.mechanism } };
        if (!ability.reason.empty())
            json["reason"] = ability.reason;
        tell(json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n');
    }
    return 0;
}

int carryOut(
    const std::string &command, const std::vector<std::string> &arguments, bool stdinIsControl)
{
    const auto spec = agent::readSpec(faultText(arguments));
    if (!spec)
        return refuse(spec.error());
    const agent::Kind *const kind = agent::findKind(spec->kind);
    if (!kind)
        return refuse({ agent::Refusal::BadSpec,
                          "kind is none of this agent's; `faultline-agent kinds` lists them" },
            spec->id);
    const auto fault = kind->make(*spec);
    if (!fault)
        return refuse(fault.error(), spec->id);
    if (command == "run")
        return runFault(*spec, **fault, stdinIsControl);
    return command == "undo" ? undoFault(*spec, **fault) : probeFault(*spec, **fault);
}

int badUsage()
{
    std::cerr << usage;
    return static_cast<int>(agent::Refusal::BadSpec);
}

} // namespace

int main(int count, char **values)
{
    std::vector<std::string> arguments(values + 1, values + count);
    const std::string command = arguments.empty() ? "" : arguments[0];
    if (!arguments.empty())
        arguments.erase(arguments.begin());
    const bool stdinIsControl = !arguments.empty() && arguments[0] == "--stdin-is-control";
    if (stdinIsControl)
        arguments.erase(arguments.begin());
    if (arguments.size() > 1
        || (stdinIsControl && (command != "run" || (arguments.size() == 1 && arguments[0] == "-"))))
        return badUsage();
    if (command == "kinds" && arguments.empty())
        return tellKinds();
    if (command == "control" && arguments.empty())
        return agent::relayControl();
    if (command == "run" || command == "undo" || command == "probe")
        return carryOut(command, arguments, stdinIsControl);
    if (command == "--help" || command == "help") {
        std::cout << usage;
        return 0;
    }
    return badUsage();
}
