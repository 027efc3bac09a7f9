// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/lab/serve.h"

#include "app/lab/state_directory.h"
#include "app/lab/stop_signal.h"
#include "services/lab/gitlab/gitlab_side.h"
#include "services/lab/http/http_server.h"
#include "services/lab/http/workers.h"
#include "services/lab/rancher/rancher_side.h"

#include <nlohmann/json.hpp>

#include <unistd.h>

#include <cstdlib>
#include <future>
#include <iostream>
#include <memory>
#include <optional>

namespace faultline::lab {

namespace {

constexpr int exitLocal = 19;
constexpr int exitUsage = 64;
constexpr std::uint16_t defaultPort = 7480;
constexpr std::uint16_t portsToTry = 20;
constexpr std::chrono::seconds removalPatience(60);

using Text = tl::expected<std::string, std::string>;

struct Secrets
{
    std::string gitlabToken;
    std::string triggerToken;
    std::string rancherAccessKey;
    std::string rancherSecretKey;
};

int fail(const std::string &words, int code = exitLocal)
{
    std::cerr << "faultline-lab: " << words << std::endl;
    return code;
}

struct Address
{
    std::string host = "127.0.0.1";
    std::uint16_t port = defaultPort;
};

std::optional<Address> parsedAddress(const std::string &text)
{
    Address address;
    const std::size_t colon = text.rfind(':');
    if (colon == std::string::npos)
        return std::nullopt;
    address.host = text.substr(0, colon);
    const std::string port = text.substr(colon + 1);
    char *end = nullptr;
    const unsigned long number = std::strtoul(port.c_str(), &end, 10);
    if (address.host.empty() || port.empty() || *end != '\0' || number > 65535)
        return std::nullopt;
    address.port = static_cast<std::uint16_t>(number);
    return address;
}

/// The port of the last run, so that clients find the lab again; 0 when there was none.
std::uint16_t lastPort(const StateDirectory &state)
{
    const nlohmann::json written = nlohmann::json::parse(state.read("lab.json"), nullptr, false);
    if (!written.is_object() || !written.contains("url") || !written["url"].is_string())
        return 0;
    const auto address
        = parsedAddress(written["url"].get<std::string>().substr(std::string("http://").size()));
    return address ? address->port : 0;
}

tl::expected<Secrets, std::string> readSecrets(const StateDirectory &state)
{
    Secrets secrets;
    const std::pair<const char *, std::string *> files[]{ { "secrets/gitlab-token",
                                                              &secrets.gitlabToken },
        { "secrets/trigger-token", &secrets.triggerToken },
        { "secrets/rancher-access-key", &secrets.rancherAccessKey },
        { "secrets/rancher-secret-key", &secrets.rancherSecretKey } };
    for (const auto &[name, target] : files) {
        const Text secret = state.secret(name);
        if (!secret)
            return tl::make_unexpected(secret.error());
        *target = *secret;
    }
    return secrets;
}

/// JSON's quoting of a text is also YAML's.
std::string quoted(const std::string &text)
{
    return nlohmann::json(text).dump();
}

std::string workspaceText(const StateDirectory &state, const std::string &url)
{
    const auto secret = [&state](const char *name) {
        return quoted("file:" + (state.path() / "secrets" / name).string());
    };
    return "# Written by faultline-lab; read again at each start of it.\n"
           "apiVersion: faultline/v1\nkind: Workspace\nname: lab\ncolour: \"#3b82f6\"\ngitlab:\n  "
           "url: "
        + quoted(url) + "\n  project: \"faultline/sample\"\n  token: " + secret("gitlab-token")
        + "\n  triggerToken: " + secret("trigger-token") + "\nrancher:\n  url: " + quoted(url)
        + "\n  project: \"1a5\"\n  accessKey: " + secret("rancher-access-key")
        + "\n  secretKey: " + secret("rancher-secret-key") + "\n";
}

tl::expected<void, std::string> announce(const StateDirectory &state, const std::string &url)
{
    const nlohmann::json facts{ { "url", url }, { "pid", getpid() },
        { "gitlabProject", "faultline/sample" }, { "rancherProject", "1a5" } };
    auto written = state.write("workspace.yaml", workspaceText(state, url));
    if (written)
        written = state.write("lab.json", facts.dump() + "\n");
    return written;
}

/// One lab: everything that serve() builds, in the order in which it must go.
class Lab
{
public:
    Lab(const ServeOptions &options, const StateDirectory &state)
        : m_options(options)
        , m_state(state)
    {
    }

    tl::expected<void, std::string> listen();
    tl::expected<void, std::string> start(const Secrets &secrets, const std::string &instance);
    void stop();
    std::string url() const { return m_server->url(); }

private:
    tl::expected<void, std::string> tryAddress(const Address &address);
    GitLabSide::Options gitlabOptions(const Secrets &secrets) const;
    void removeStacks();

    const ServeOptions &m_options;
    const StateDirectory &m_state;
    Router m_router;
    std::unique_ptr<Server> m_server;
    Workers m_workers;
    std::unique_ptr<RancherSide> m_rancher;
    std::unique_ptr<GitLabSide> m_gitlab;
};

tl::expected<void, std::string> Lab::tryAddress(const Address &address)
{
    ServerOptions options;
    options.address = address.host;
    options.port = address.port;
    options.allowOtherAddresses = m_options.allowOtherAddresses;
    options.hostNames = m_options.hostNames;
    m_server = std::make_unique<Server>(options, m_router);
    const auto port = m_server->listen();
    if (!port)
        return tl::make_unexpected(port.error());
    return {};
}

tl::expected<void, std::string> Lab::listen()
{
    const std::uint16_t last = lastPort(m_state);
    Address address;
    if (!m_options.listen.empty()) {
        const auto parsed = parsedAddress(m_options.listen);
        if (!parsed)
            return tl::make_unexpected(
                "\"" + m_options.listen + "\" is no address; write it as 127.0.0.1:7480.");
        address = *parsed;
        if (address.port == 0 && last != 0 && tryAddress({ address.host, last }))
            return {};
        return tryAddress(address);
    }
    if (last != 0 && tryAddress({ address.host, last }))
        return {};
    auto bound = tryAddress(address);
    for (std::uint16_t step = 1; !bound && step < portsToTry; ++step) {
        bound = tryAddress({ address.host, static_cast<std::uint16_t>(defaultPort + step) });
        if (bound)
            std::cerr << "faultline-lab: port " << defaultPort
                      << " is taken by another program; using " << m_server->port() << "."
                      << std::endl;
    }
    return bound;
}

GitLabSide::Options Lab::gitlabOptions(const Secrets &secrets) const
{
    GitLabSide::Options options;
    options.stateDirectory = m_state.path();
    options.secrets = { secrets.gitlabToken, secrets.triggerToken };
    options.slots = m_options.slots;
    options.requestsPerMinute = m_options.gitlabRequestsPerMinute;
    options.jobEnvironment = { { "RANCHER_URL", m_server->url(), false },
        { "RANCHER_ACCESS_KEY", secrets.rancherAccessKey, true },
        { "RANCHER_SECRET_KEY", secrets.rancherSecretKey, true },
        { "RANCHER_ENVIRONMENT", "1a5", false } };
    std::error_code error;
    const auto program = std::filesystem::read_symlink("/proc/self/exe", error);
    if (!error)
        options.pathPrefix = program.parent_path().string();
    return options;
}

tl::expected<void, std::string> Lab::start(const Secrets &secrets, const std::string &instance)
{
    RancherSide::Options rancher;
    rancher.stateDirectory = m_state.path();
    rancher.dockerHosts = m_options.dockerHosts;
    rancher.instance = instance;
    rancher.accessKey = secrets.rancherAccessKey;
    rancher.secretKey = secrets.rancherSecretKey;
    m_rancher = std::make_unique<RancherSide>(rancher, *m_server, m_router, m_workers);
    m_rancher->onEngine = [](bool up, const std::string &words) {
        std::cerr << "faultline-lab: " << words << std::endl;
        if (!up)
            std::cerr << "faultline-lab: Stacks wait until one answers. Start the engine, install "
                         "one (apt install "
                         "docker.io), or name another with --docker unix:///path."
                      << std::endl;
    };
    m_gitlab = std::make_unique<GitLabSide>(gitlabOptions(secrets), *m_server, m_router);
    if (auto started = m_rancher->start(); !started)
        return started;
    if (auto started = m_gitlab->start(m_server->url()); !started)
        return started;
    m_server->start();
    return {};
}

void Lab::removeStacks()
{
    auto done = std::make_shared<std::promise<void>>();
    auto timer = std::make_shared<Timer>();
    m_server->post([this, done, timer] {
        m_rancher->removeEverything();
        *timer = m_server->every(std::chrono::milliseconds(50), [this, done, timer] {
            if (!m_rancher->isEmpty())
                return;
            done->set_value();
            timer->cancel();
        });
    });
    if (done->get_future().wait_for(removalPatience) != std::future_status::ready)
        std::cerr << "faultline-lab: some stacks could not be removed; try: faultline-lab "
                     "remove-all --state "
                  << m_state.path().string() << std::endl;
}

void Lab::stop()
{
    if (m_options.removeStacksOnExit)
        removeStacks();
    m_server->stop();
    if (m_rancher)
        m_rancher->stop();
    if (m_gitlab)
        m_gitlab->stop();
    m_workers.stop();
    m_gitlab.reset();
    m_rancher.reset();
}

} // namespace

int serve(const ServeOptions &options)
{
    if (!options.listen.empty() && !parsedAddress(options.listen))
        return fail(
            "\"" + options.listen + "\" is no address; write it as 127.0.0.1:7480.", exitUsage);
    const auto state = StateDirectory::open(options.stateDirectory);
    if (!state)
        return fail(state.error());
    const auto secrets = readSecrets(*state);
    const auto instance = state->instance();
    if (!secrets || !instance)
        return fail(secrets ? instance.error() : secrets.error());
    catchStopSignals();
    Lab lab(options, *state);
    if (auto listening = lab.listen(); !listening)
        return fail(listening.error());
    auto started = lab.start(*secrets, *instance);
    if (started)
        started = announce(*state, lab.url());
    if (!started) {
        lab.stop();
        return fail(started.error());
    }
    std::cout << "faultline-lab ready at " << lab.url() << std::endl;
    waitForStop();
    lab.stop();
    return 0;
}

} // namespace faultline::lab
