// SPDX-License-Identifier: GPL-3.0-or-later
// Prints what the lab bears: rates of answers, the tail of a long log, and a slow-loris attack
// beside nginx, when that is installed.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <thread>

#include <sys/stat.h>

#include "http_load.h"
#include "served_program.h"
#include "services/lab/gitlab/pipeline_store.h"
#include "slow_loris.h"

namespace {

using namespace faultline::bench;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
namespace lab = faultline::lab;

constexpr int jobs = 10'000;
constexpr std::size_t logSize = 100U << 20U;
const std::string token = "glpat-benchmark-token-000";

std::string request(int port, const std::string &path, const std::string &more = {})
{
    return "GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port)
        + "\r\nPRIVATE-TOKEN: " + token + "\r\n" + more + "\r\n";
}

std::string load()
{
    std::ifstream in("/proc/loadavg");
    std::string one;
    in >> one;
    return one;
}

void seed(const fs::path &state)
{
    fs::create_directories(state / "secrets");
    fs::create_directories(state / "traces");
    std::ofstream(state / "secrets/gitlab-token") << token;
    chmod((state / "secrets/gitlab-token").c_str(), 0600);
    lab::PipelineStore store(state / "gitlab.db");
    lab::Transaction transaction = store.begin();
    lab::CommitRecord commit{ std::string(40, 'a'), { std::string(40, 'b') }, "Name", "n@localhost",
        "2026-01-01T00:00:00+00:00", "Name", "n@localhost", "2026-01-01T00:00:00+00:00", "Title",
        "Title\n" };
    store.saveCommit(commit);
    lab::PipelineRecord pipeline;
    for (int i = 0; i < jobs; ++i) {
        if (i % 100 == 0) {
            pipeline = {};
            pipeline.sha = commit.sha;
            pipeline.ref = "main";
            pipeline.status = "success";
            pipeline.source = "push";
            pipeline.created = pipeline.updated = pipeline.started = pipeline.finished
                = 1'760'000'000'000;
            store.insert(pipeline);
        }
        lab::JobRecord job;
        job.pipeline = pipeline.id;
        job.name = "soak: [board-" + std::to_string(i % 100) + ", firmware]";
        job.stage = "test";
        job.status = "success";
        job.token = "t" + std::to_string(i);
        job.created = job.queued = job.started = job.finished = 1'760'000'000'000 + i;
        job.traceSize = 1000;
        job.runner = 1;
        store.insert(job, "{}");
        store.saveArtifact({ job.id, "archive", "zip", "artifacts.zip", 1234, 0 });
    }
    lab::PipelineStore::commit(transaction);
    std::ofstream(state / "traces/1.log") << std::string(logSize, 'x');
}

void print(const char *name, const Load &result, double wanted)
{
    std::printf("%-58s %9.0f/s  p50 %.2f ms  p99 %.2f ms%s%s  (wanted: %.0f/s; load %s)\n", name,
        result.perSecond, result.medianMs, result.p99Ms,
        result.error.empty() ? "" : "  WRONG: ", result.error.c_str(), wanted, load().c_str());
    std::fflush(stdout);
}

void rates(int port)
{
    for (const int connections : { 1, 16 })
        print(("GET /version, " + std::to_string(connections) + " connections").c_str(),
            run(port, connections, 3s,
                [port](int, int) { return request(port, "/api/v4/version"); }),
            8000);
    // Another page each time: nothing that was asked before is asked again soon.
    print("100 jobs a page, every page another, 16 connections",
        run(port, 16, 3s,
            [port](int connection, int n) {
                const int page = (connection * 7 + n * 13) % (jobs / 100) + 1;
                return request(
                    port, "/api/v4/projects/1/jobs?per_page=100&page=" + std::to_string(page));
            }),
        200);
    print("100 pipelines, 16 connections",
        run(port, 16, 3s,
            [port](
                int, int) { return request(port, "/api/v4/projects/1/pipelines?per_page=100"); }),
        200);
}

void tail(int port, const fs::path &state)
{
    const std::string path = "/api/v4/projects/1/jobs/1/trace";
    const auto begin = std::chrono::steady_clock::now();
    const std::size_t whole = ask(port, request(port, path)).size();
    const double wholeMs
        = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
              .count();
    std::size_t size = logSize;
    std::size_t tails = 0;
    constexpr int steps = 100;
    const auto beginTail = std::chrono::steady_clock::now();
    for (int i = 0; i < steps; ++i) {
        std::ofstream(state / "traces/1.log", std::ios::app) << std::string(1024, 'y');
        const std::string answer
            = ask(port, request(port, path, "Range: bytes=" + std::to_string(size) + "-\r\n"));
        if (!answer.starts_with("HTTP/1.1 206"))
            std::printf("WRONG: %s\n", answer.substr(0, 60).c_str());
        size += 1024;
        tails += answer.size();
    }
    const double tailMs
        = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - beginTail)
              .count();
    std::printf("a log of 100 MiB: whole %.1f MiB in %.0f ms; %d tails of 1 KiB: %.1f KiB in all, "
                "%.2f ms each\n",
        double(whole) / (1 << 20), wholeMs, steps, double(tails) / 1024, tailMs / steps);
}

void attack(const char *name, int port, const ServedProgram &server, const std::string &path)
{
    const auto one
        = [&] { return run(port, 1, 3s, [&](int, int) { return request(port, path); }); };
    (void)one();
    const Load quiet = one();
    const double before = server.residentMiB();
    const SlowLoris loris(port, 500);
    std::this_thread::sleep_for(2s);
    const Load attacked = run(port, 1, 12s, [&](int, int) { return request(port, path); });
    std::printf(
        "R25 %s: p99 quiet %.2f ms, with %d slow connections %.2f ms (x%.1f, wanted: x5)%s; "
        "memory +%.1f MiB (wanted: 64); load %s\n",
        name, quiet.p99Ms, loris.opened(), attacked.p99Ms, attacked.p99Ms / quiet.p99Ms,
        attacked.error.empty() ? "" : (" WRONG: " + attacked.error).c_str(),
        server.residentMiB() - before, load().c_str());
    std::fflush(stdout);
}

void attackNginx(const fs::path &folder)
{
    const int port = freePort();
    fs::create_directories(folder);
    std::ofstream(folder / "nginx.conf")
        << "daemon off; worker_processes 1; pid " << (folder / "pid").string()
        << "; error_log /dev/null;\n"
        << "events { worker_connections 2048; }\nhttp { access_log off; client_header_timeout 10s; "
        << "client_body_temp_path " << (folder / "a").string() << "; proxy_temp_path "
        << (folder / "b").string() << "; fastcgi_temp_path " << (folder / "c").string()
        << "; uwsgi_temp_path " << (folder / "d").string() << "; scgi_temp_path "
        << (folder / "e").string() << ";\n"
        << "keepalive_requests 10000000; server { listen 127.0.0.1:" << port
        << R"(; location / { return 200 '{"version":"18.4.0","revision":"faultline-lab"}'; } } })"
        << "\n";
    chmod(folder.c_str(), 0755);
    const ServedProgram nginx(
        { "/usr/sbin/nginx", "-c", (folder / "nginx.conf").string(), "-p", folder.string() });
    if (nginx.isListening(port))
        attack("nginx", port, nginx, "/version");
    else
        std::printf("R25 nginx does not start here\n");
}

} // namespace

int main()
{
    std::string folder = (fs::temp_directory_path() / "faultline-bench-XXXXXX").string();
    if (!mkdtemp(folder.data()))
        return 1;
    const fs::path state = fs::path(folder) / "lab";
    fs::create_directories(state);
    seed(state);
    {
        const int port = freePort();
        const ServedProgram server({ FAULTLINE_BIN_DIR "/faultline-lab", "serve", "--state",
            state.string(), "--listen", "127.0.0.1:" + std::to_string(port), "--slots", "1" });
        if (!server.isListening(port)) {
            std::printf("the lab does not start\n");
        } else {
            rates(port);
            tail(port, state);
            const std::string foreign
                = ask(port, request(port, "/api/v4/version", "Origin: http://example.org\r\n"));
            std::printf("a request from a foreign page: %s\n", foreign.substr(9, 3).c_str());
            attack("lab", port, server, "/api/v4/version");
        }
    }
    if (fs::exists("/usr/sbin/nginx"))
        attackNginx(fs::path(folder) / "nginx");
    else
        std::printf("(nginx is not installed: apt-get install nginx-light adds it)\n");
    std::error_code ignored; // what stays is in the folder for temporary files
    fs::remove_all(folder, ignored);
    return 0;
}
