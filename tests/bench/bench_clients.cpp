// SPDX-License-Identifier: GPL-3.0-or-later
// Prints the rows P5, P6 and P14 (command line) of the speed plan, beside their peers on this
// machine, and the lab's rate of answers. Usage: bench_clients [p5] [p6] [p14] [lab URL
// TOKEN_FILE]; without arguments p5, p6 and p14.
#include "tests/bench/lab_rate.h"
#include "tests/bench/page_server.h"
#include "tests/bench/parse_page.h"
#include "tests/bench/race.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

namespace {

using namespace faultline::bench;

constexpr int jobs = 10'000;
constexpr int rounds = 15;

const std::string programs = FAULTLINE_BIN_DIR;
const std::string benches = FAULTLINE_BENCH_DIR;
const std::string modules
    = FAULTLINE_THIRDPARTY_DIR; ///< where npm put the packages of tests/thirdparty

Contender program(const std::string &name, const std::vector<std::string> &command,
    const std::vector<std::string> &environment = {})
{
    return { name, [=] { return measure(command, environment); } };
}

void listJobs(int latency)
{
    const PageServer server(jobs, std::chrono::milliseconds(latency));
    std::vector<Contender> contenders{
        program("ours", { benches + "/list_jobs", server.url(), std::to_string(jobs) }),
    };
    if (isInstalled("curl")) {
        // One connection, one page after the other: what any client that follows links can reach.
        const std::string pages = server.url() + "/api/v4/projects/1/jobs?per_page=100&page=[1-"
            + std::to_string(jobs / 100) + "]";
        contenders.push_back(
            program("curl, one page after the other", { "curl", "-sS", "-o", "/dev/null", pages }));
    }
    // Both hold all rows at the end, as a console does.
    const std::string list
        = "import gitlab,sys\n"
          "p=gitlab.Gitlab(sys.argv[1],private_token='t').projects.get(1,lazy=True)\n"
          "n=len(p.jobs.list(get_all=True,per_page=100,pagination='keyset',order_by='id',sort='"
          "desc'))\n"
          "sys.exit(0 if n==int(sys.argv[2]) else 1)\n";
    if (measure({ "sh", "-c", "/usr/bin/python3 -c 'import gitlab' 2>/dev/null" }).exitCode == 0)
        contenders.push_back(program("python3-gitlab",
            { "/usr/bin/python3", "-c", list, server.url(), std::to_string(jobs) }));
    else
        std::printf("(python3-gitlab is not installed: apt-get install python3-gitlab adds it)\n");
    const std::string script = modules + "/gitbeaker_list.mjs";
    if (std::filesystem::exists(modules + "/node_modules/@gitbeaker/rest")
        && std::filesystem::exists(script))
        contenders.push_back(
            program("@gitbeaker/rest", { "node", script, server.url(), std::to_string(jobs) }));
    else
        std::printf(
            "(@gitbeaker/rest is not in %s: scripts/bench puts it there)\n", modules.c_str());
    race("P5 list 10,000 GitLab jobs at " + std::to_string(latency) + " ms a page", contenders,
        latency > 0 ? 5 : rounds);
}

void coldStart()
{
    std::vector<Contender> version{ program(
        "faultlinectl --version", { programs + "/faultlinectl", "--version" }) };
    if (isInstalled("docker"))
        version.push_back(program("docker --version", { "docker", "--version" }));
    race("P14 cold start", version, 25);

    const PageServer server(100, std::chrono::milliseconds(0));
    race("P14 list 100 containers",
        { program("faultlinectl inspect kv", { programs + "/faultlinectl", "inspect", "kv" },
              { "FAULTLINE_RANCHER_URL=" + server.url(), "FAULTLINE_RANCHER_PROJECT=1a5",
                  "FAULTLINE_RANCHER_ACCESS_KEY=a", "FAULTLINE_RANCHER_SECRET_KEY=b" }),
            program("docker --version", { "docker", "--version" }) },
        25);
}

} // namespace

int main(int argc, char **argv)
{
    const std::vector<std::string> words(argv + 1, argv + argc);
    const auto isWanted = [&words](const char *row) {
        return words.empty() || std::find(words.begin(), words.end(), row) != words.end();
    };
    if (isWanted("p5")) {
        listJobs(0);
        listJobs(50);
    }
    if (isWanted("p6"))
        parsePageRow();
    if (isWanted("p14"))
        coldStart();
    const auto lab = std::find(words.begin(), words.end(), "lab");
    if (words.end() - lab == 3)
        labRateRow(lab[1], lab[2]);
    return 0;
}
