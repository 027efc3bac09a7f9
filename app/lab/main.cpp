// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/lab/remove_all.h"
#include "app/lab/serve.h"

#include <CLI/CLI.hpp>

#include <sys/prctl.h>

#include <cstdlib>
#include <iostream>
#include <set>
#include <string>
#include <vector>

namespace {

constexpr int exitUsage = 64;

std::string engineFromEnvironment()
{
    for (const char *name : { "FAULTLINE_DOCKER_HOST", "DOCKER_HOST" }) {
        const char *value = std::getenv(name);
        if (value != nullptr && *value != '\0')
            return value;
    }
    return "unix:///var/run/docker.sock";
}

void addEngineOption(CLI::App &command, std::vector<std::string> &engines)
{
    command
        .add_option("--docker", engines,
            "A Docker Engine, as unix:///path (default: FAULTLINE_DOCKER_HOST, DOCKER_HOST, or "
            "Docker's own socket). Given again, each engine is a host of its own")
        ->allow_extra_args(false)
        ->check([](const std::string &text) {
            return text.starts_with("unix://")
                ? std::string()
                : "\"" + text + "\" is no unix socket; write unix:///path";
        });
}

/// The same engine twice would be one host that fights with itself.
bool areDifferent(const std::vector<std::string> &engines)
{
    return std::set<std::string>(engines.begin(), engines.end()).size() == engines.size();
}

void keepSecretsFromDebuggers()
{
#ifndef __SANITIZE_ADDRESS__ // the leak check traces its own process
    prctl(PR_SET_DUMPABLE, 0);
#endif
}

} // namespace

int main(int argc, char **argv)
{
    keepSecretsFromDebuggers();
    CLI::App program("Faultline's lab: GitLab's and Rancher's APIs on this machine, with real jobs "
                     "and real containers.",
        "faultline-lab");
    program.set_version_flag("--version", FAULTLINE_VERSION);
    program.require_subcommand(1);
    faultline::lab::ServeOptions options;
    std::string state;

    CLI::App *serve
        = program.add_subcommand("serve", "Run the lab until Ctrl-C. Its stacks go on without it.");
    serve->add_option("--state", state, "Folder for everything that must survive a restart")
        ->required();
    serve->add_option("--listen", options.listen,
        "Address and port, 0 = any free one (default: 127.0.0.1:7480, or the next free one)");
    serve->add_flag("--allow-other-addresses", options.allowOtherAddresses,
        "Listen also where other machines can reach it: whoever has the tokens can run programs "
        "here");
    serve->add_option(
        "--host-name", options.hostNames, "A further name by which clients call this lab");
    serve->add_option("--slots", options.slots, "Jobs that run at once")->check(CLI::Range(0, 64));
    serve->add_option("--gitlab-requests-per-minute", options.gitlabRequestsPerMinute,
        "Answer 429 to a token that asks GitLab's API more often (default: no limit)");
    serve->add_flag(
        "--remove-stacks-on-exit", options.removeStacksOnExit, "Remove all stacks at the end");
    addEngineOption(*serve, options.dockerHosts);

    CLI::App *removeAll = program.add_subcommand(
        "remove-all", "Remove every container, network and volume of a lab that is not running.");
    removeAll->add_option("--state", state, "The lab's folder")->required();
    addEngineOption(*removeAll, options.dockerHosts);

    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return program.exit(error) == 0 ? 0 : exitUsage;
    }
    options.stateDirectory = state;
    if (options.dockerHosts.empty())
        options.dockerHosts = { engineFromEnvironment() };
    if (!areDifferent(options.dockerHosts)) {
        std::cerr << "faultline-lab: --docker names one engine twice; each host needs its own."
                  << std::endl;
        return exitUsage;
    }
    if (removeAll->parsed())
        return faultline::lab::removeAll(options.stateDirectory, options.dockerHosts);
    return faultline::lab::serve(options);
}
