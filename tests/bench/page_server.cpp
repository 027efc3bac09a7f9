// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/page_server.h"

#include <csignal>
#include <cstdlib>
#include <map>
#include <thread>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace faultline::bench {

namespace {

using std::chrono::milliseconds;

constexpr long topId = 5'000'000'000;

std::string job(long id)
{
    const std::string n = std::to_string(id);
    const std::string user
        = R"({"id":12,"username":"ada","name":"Ada Example","state":"active","avatar_url":)"
          R"("https://gitlab.example.org/uploads/-/system/user/avatar/12/avatar.png","web_url":)"
          R"("https://gitlab.example.org/ada","created_at":"2024-01-01T00:00:00.000Z","bio":"",)"
          R"("location":null,"public_email":null,"linkedin":"","twitter":"","website_url":"",)"
          R"("organization":"Storage","job_title":"","pronouns":null,"followers":1,"following":2})";
    const std::string commit
        = R"({"id":"4f6c2f9d2a0f5c3b1e8d7a6b5c4d3e2f1a0b9c8d","short_id":"4f6c2f9d","created_at":)"
          R"("2026-01-31T11:22:33.000+00:00","parent_ids":["0a1b2c3d4e5f60718293a4b5c6d7e8f901234567"],)"
          R"("title":"Raise the lease timeout of the followers","message":"Raise the lease timeout of )"
          R"(the followers\n\nThey lost it during long compactions.\n","author_name":"Ada Example",)"
          R"("author_email":"ada@example.org","authored_date":"2026-01-31T11:22:33.000+00:00",)"
          R"("committer_name":"Ada Example","committer_email":"ada@example.org","committed_date":)"
          R"("2026-01-31T11:22:33.000+00:00","trailers":{},"web_url":)"
          R"("https://gitlab.example.org/faultline/sample/-/commit/4f6c2f9d2a0f5c3b1e8d7a6b5c4d3e2f1a0b9c8d"})";
    const std::string pipeline = R"({"id":)" + std::to_string(id / 7)
        + R"(,"iid":77,"project_id":1,"sha":)"
          R"("4f6c2f9d2a0f5c3b1e8d7a6b5c4d3e2f1a0b9c8d","ref":"main","status":"success","source":"schedule","created_at":)"
          R"("2026-01-31T12:00:00.000Z","updated_at":"2026-01-31T13:00:00.000Z","web_url":)"
          R"("https://gitlab.example.org/faultline/sample/-/pipelines/77"})";
    const std::string runner
        = R"({"id":5,"description":"rack-5","ip_address":"10.0.0.5","active":true,"paused":false,)"
          R"("is_shared":false,"runner_type":"project_type","name":"gitlab-runner","online":true,)"
          R"("status":"online","created_at":"2025-01-01T00:00:00.000Z"})";
    return R"({"id":)" + n + R"(,"status":"success","stage":"test","name":"case-)"
        + std::to_string(id % 97)
        + R"(","ref":"main","tag":false,"coverage":null,"allow_failure":false,"created_at":"2026-01-31T12:00:00.000Z",)"
          R"("started_at":"2026-01-31T12:00:05.000Z","finished_at":"2026-01-31T12:30:05.000Z","erased_at":null,)"
          R"("duration":1800.25,"queued_duration":4.5,"user":)"
        + user + R"(,"commit":)" + commit + R"(,"pipeline":)" + pipeline
        + R"(,"web_url":"https://gitlab.example.org/faultline/sample/-/jobs/)" + n
        + R"(","project":{"ci_job_token_scope_enabled":false},"artifacts_file":{"filename":"artifacts.zip","size":12345},)"
          R"("artifacts":[{"file_type":"archive","size":12345,"filename":"artifacts.zip","file_format":"zip"},)"
          R"({"file_type":"trace","size":54321,"filename":"job.log","file_format":"raw"}],"runner":)"
        + runner
        + R"(,"runner_manager":null,"artifacts_expire_at":"2026-03-01T00:00:00.000Z","tag_list":["linux","rack"],)"
          R"("archived":false})";
}

long parameter(const std::string &target, const std::string &name, long otherwise)
{
    for (const char before : { '?', '&' }) {
        const std::size_t at = target.find(before + name + '=');
        if (at != std::string::npos)
            return std::atol(target.c_str() + at + name.size() + 2);
    }
    return otherwise;
}

std::string answer(const std::string &body, const std::string &headers = {})
{
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
        + std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}

class Site
{
public:
    Site(int jobs, int port)
        : m_jobs(jobs)
        , m_origin("http://127.0.0.1:" + std::to_string(port))
    {
        for (int at = 0; at < jobs; at += 100)
            m_pages[at] = jobPage(topId - at, std::min(100, jobs - at));
    }

    [[nodiscard]] std::string get(const std::string &target) const
    {
        if (target.find("/jobs") != std::string::npos)
            return jobs(target);
        for (const auto &[collection, item] : rancherItems) {
            if (target.find(collection) != std::string::npos)
                return list(collection, item);
        }
        return answer(
            R"({"id":1,"path_with_namespace":"faultline/sample","web_url":"http://127.0.0.1/","username":"ada"})");
    }

private:
    [[nodiscard]] std::string jobs(const std::string &target) const
    {
        const bool isKeyset = target.find("pagination=keyset") != std::string::npos;
        const long page = parameter(target, "page", 1);
        const int at = isKeyset
            ? static_cast<int>(topId + 1 - parameter(target, "id_before", topId + 1))
            : static_cast<int>(page - 1) * 100;
        const auto found = m_pages.find(at);
        if (found == m_pages.end())
            return answer("[]");
        if (at + 100 >= m_jobs)
            return answer(found->second);
        const std::string path = m_origin + "/api/v4/projects/1/jobs?per_page=100";
        const std::string next = isKeyset
            ? path + "&pagination=keyset&order_by=id&sort=desc&id_before="
                + std::to_string(topId + 1 - at - 100)
            : path + "&page=" + std::to_string(page + 1);
        return answer(found->second,
            "Link: <" + next + ">; rel=\"next\"\r\n"
                + (isKeyset ? std::string() : "X-Next-Page: " + std::to_string(page + 1) + "\r\n"));
    }

    [[nodiscard]] static std::string list(const std::string &collection, const std::string &item)
    {
        const int count = collection == "/instances" ? 100 : 1;
        std::string body = R"({"type":"collection","pagination":null,"data":[)";
        for (int i = 1; i <= count; ++i) {
            std::string one = item;
            for (std::size_t at = 0; (at = one.find('#')) != std::string::npos;)
                one.replace(at, 1, std::to_string(i));
            body += (i > 1 ? "," : "") + one;
        }
        return answer(body + "]}");
    }

    static const std::map<std::string, std::string> rancherItems;

    int m_jobs;
    std::string m_origin;
    std::map<int, std::string> m_pages;
};

const std::map<std::string, std::string> Site::rancherItems = {
    { "/stacks",
        R"({"id":"1st#","type":"stack","name":"kv","state":"active","transitioning":"no","system":false})" },
    { "/services",
        R"({"id":"1s#","type":"service","name":"etcd","stackId":"1st1","state":"active","scale":100,"currentScale":100,)"
        R"("transitioning":"no","launchConfig":{"imageUuid":"docker:faultline/etcd:3.4"}})" },
    { "/instances",
        R"({"id":"1i#","type":"container","name":"kv-etcd-#","stackId":"1st1","serviceIds":["1s1"],"hostId":"1h1",)"
        R"("state":"running","transitioning":"no","imageUuid":"docker:faultline/etcd:3.4","primaryIpAddress":"10.42.0.#"})" },
    { "/hosts",
        R"({"id":"1h#","type":"host","hostname":"rack-1","state":"active","transitioning":"no"})" },
};

bool sendAll(int connection, const std::string &bytes)
{
    for (std::size_t done = 0; done < bytes.size();) {
        const ssize_t count
            = send(connection, bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
        if (count <= 0)
            return false;
        done += static_cast<std::size_t>(count);
    }
    return true;
}

void serve(int connection, const Site &site, milliseconds latency)
{
    const int yes = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    std::string received;
    char buffer[16384];
    for (ssize_t count = 0; (count = recv(connection, buffer, sizeof buffer, 0)) > 0;) {
        received.append(buffer, static_cast<std::size_t>(count));
        for (std::size_t end = 0; (end = received.find("\r\n\r\n")) != std::string::npos;) {
            const std::size_t from = received.find(' ') + 1;
            const std::string target = received.substr(from, received.find(' ', from) - from);
            received.erase(0, end + 4);
            if (latency.count() > 0)
                std::this_thread::sleep_for(latency);
            if (!sendAll(connection, site.get(target)))
                break;
        }
    }
    close(connection);
}

[[noreturn]] void runServer(int listener, int jobs, int port, milliseconds latency)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const Site site(jobs, port);
    for (;;) {
        const int connection = accept(listener, nullptr, nullptr);
        if (connection >= 0)
            std::thread([connection, &site, latency] {
                serve(connection, site, latency);
            }).detach();
    }
}

} // namespace

std::string jobPage(long first, int count)
{
    std::string out = "[";
    for (int i = 0; i < count; ++i)
        out += (i > 0 ? "," : "") + job(first - i);
    return out + "]";
}

PageServer::PageServer(int jobs, milliseconds latency)
{
    const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    bind(listener, reinterpret_cast<sockaddr *>(&address), length);
    listen(listener, 256);
    getsockname(listener, reinterpret_cast<sockaddr *>(&address), &length);
    m_port = ntohs(address.sin_port);
    m_process = fork();
    if (m_process == 0)
        runServer(listener, jobs, m_port, latency);
    close(listener);
}

PageServer::~PageServer()
{
    kill(m_process, SIGKILL);
    waitpid(m_process, nullptr, 0);
}

std::string PageServer::url() const
{
    return "http://127.0.0.1:" + std::to_string(m_port);
}

} // namespace faultline::bench
