// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/docker/engine.h"

#include "services/lab/docker/http_exchange.h"
#include "services/lab/docker/log_demultiplexer.h"

#include <cctype>
#include <utility>

namespace faultline::lab {

namespace {

const std::string apiVersion = "/v1.41";
constexpr std::string_view unixScheme = "unix://";
constexpr std::size_t longestEvent = 1U << 20U;

std::string encoded(std::string_view text)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string result;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '-' || c == '.' || c == '_' || c == '~' || c == '/'
            || c == ':') {
            result.push_back(c);
        } else {
            result.push_back('%');
            result.push_back(digits[byte >> 4U]);
            result.push_back(digits[byte & 15U]);
        }
    }
    return result;
}

std::string filters(const Json &value)
{
    return "filters=" + encoded(value.dump());
}

EngineError unreachable(const std::string &host, const std::error_code &error)
{
    return { 0, "No Docker Engine answers at " + host + ": " + error.message() + "." };
}

EngineError refusal(int status, const std::string &body)
{
    const Json answer = Json::parse(body, nullptr, false);
    if (answer.is_object() && answer.contains("message") && answer["message"].is_string())
        return { status, answer["message"].get<std::string>() };
    return { status, "Docker answered " + std::to_string(status) + "." };
}

} // namespace

Engine::Engine(std::string host)
    : m_host(std::move(host))
{
    m_socket = m_host.starts_with(unixScheme) ? m_host.substr(unixScheme.size()) : m_host;
}

FromEngine<Json> Engine::ask(const std::string &method, const std::string &target, const Json &body,
    std::chrono::milliseconds patience) const
{
    const HttpQuestion question{ method, apiVersion + target,
        body.is_null() ? std::string() : body.dump(), patience, nullptr };
    const auto answer = exchange(m_socket, question, m_abandoned);
    if (!answer)
        return tl::make_unexpected(unreachable(m_host, answer.error()));
    if (answer->status >= 400)
        return tl::make_unexpected(refusal(answer->status, answer->body));
    if (answer->body.empty())
        return Json();
    Json value = Json::parse(answer->body, nullptr, false);
    return value.is_discarded() ? Json() : value;
}

FromEngine<void> Engine::tell(const std::string &method, const std::string &target,
    const Json &body, std::chrono::milliseconds patience) const
{
    const auto answer = ask(method, target, body, patience);
    if (!answer)
        return tl::make_unexpected(answer.error());
    return {};
}

FromEngine<void> Engine::ping() const
{
    return tell("GET", "/_ping", nullptr, std::chrono::seconds(5));
}
FromEngine<Json> Engine::version() const
{
    return ask("GET", "/version");
}
FromEngine<Json> Engine::info() const
{
    return ask("GET", "/info");
}

FromEngine<Json> Engine::image(const std::string &name) const
{
    return ask("GET", "/images/" + encoded(name) + "/json");
}

FromEngine<Json> Engine::images() const
{
    return ask("GET", "/images/json");
}

FromEngine<void> Engine::pullImage(
    const std::string &name, std::chrono::milliseconds patience) const
{
    const auto progress = [&]() -> FromEngine<std::string> {
        const HttpQuestion question{ "POST",
            apiVersion + "/images/create?fromImage=" + encoded(name), {}, patience, nullptr };
        const auto answer = exchange(m_socket, question, m_abandoned);
        if (!answer)
            return tl::make_unexpected(
                EngineError{ 504, "Pulling " + name + ": " + answer.error().message() + "." });
        if (answer->status >= 400)
            return tl::make_unexpected(refusal(answer->status, answer->body));
        return answer->body;
    }();
    if (!progress)
        return tl::make_unexpected(progress.error());
    // A failed pull is a 200 whose last line holds the error.
    const std::size_t error = progress->find("\"error\":");
    if (error == std::string::npos)
        return {};
    const std::size_t begin = progress->rfind('\n', error) + 1;
    const Json line
        = Json::parse(progress->substr(begin, progress->find('\n', error) - begin), nullptr, false);
    return tl::make_unexpected(
        EngineError{ 404, line.is_object() ? line.value("error", name) : name });
}

FromEngine<std::string> Engine::createNetwork(const std::string &name, const Labels &labels) const
{
    const Json body{ { "Name", name }, { "CheckDuplicate", true }, { "Driver", "bridge" },
        { "Labels", labels } };
    const auto answer = ask("POST", "/networks/create", body);
    if (!answer)
        return tl::make_unexpected(answer.error());
    return answer->value("Id", std::string());
}

FromEngine<void> Engine::removeNetwork(const std::string &nameOrId) const
{
    return tell("DELETE", "/networks/" + encoded(nameOrId));
}

FromEngine<Json> Engine::networks(const std::string &label) const
{
    return ask("GET", "/networks?" + filters({ { "label", { label } } }));
}

FromEngine<void> Engine::createVolume(const std::string &name, const Labels &labels) const
{
    return tell("POST", "/volumes/create", { { "Name", name }, { "Labels", labels } });
}

FromEngine<void> Engine::removeVolume(const std::string &name) const
{
    return tell("DELETE", "/volumes/" + encoded(name));
}

FromEngine<Json> Engine::volumes(const std::string &label) const
{
    const auto answer = ask("GET", "/volumes?" + filters({ { "label", { label } } }));
    if (!answer)
        return answer;
    const Json list = answer->value("Volumes", Json());
    return list.is_array() ? list : Json::array();
}

FromEngine<std::string> Engine::createContainer(const std::string &name, const Json &body) const
{
    const auto answer = ask("POST", "/containers/create?name=" + encoded(name), body);
    if (!answer)
        return tl::make_unexpected(answer.error());
    return answer->value("Id", std::string());
}

FromEngine<void> Engine::start(const std::string &id) const
{
    return tell("POST", "/containers/" + id + "/start");
}

FromEngine<void> Engine::stop(const std::string &id, std::chrono::seconds grace) const
{
    return tell("POST", "/containers/" + id + "/stop?t=" + std::to_string(grace.count()), nullptr,
        grace + std::chrono::seconds(60));
}

FromEngine<void> Engine::restart(const std::string &id, std::chrono::seconds grace) const
{
    return tell("POST", "/containers/" + id + "/restart?t=" + std::to_string(grace.count()),
        nullptr, grace + std::chrono::seconds(60));
}

FromEngine<void> Engine::kill(const std::string &id, const std::string &signal) const
{
    return tell("POST", "/containers/" + id + "/kill?signal=" + encoded(signal));
}

FromEngine<void> Engine::pause(const std::string &id) const
{
    return tell("POST", "/containers/" + id + "/pause");
}

FromEngine<void> Engine::unpause(const std::string &id) const
{
    return tell("POST", "/containers/" + id + "/unpause");
}

FromEngine<void> Engine::remove(const std::string &id, bool force, bool volumes) const
{
    return tell("DELETE",
        "/containers/" + id + "?force=" + (force ? "true" : "false")
            + "&v=" + (volumes ? "true" : "false"));
}

FromEngine<Json> Engine::inspect(const std::string &id) const
{
    return ask("GET", "/containers/" + id + "/json");
}

FromEngine<Json> Engine::containers(const std::string &label) const
{
    return ask("GET", "/containers/json?all=true&" + filters({ { "label", { label } } }));
}

FromEngine<Json> Engine::stats(const std::string &id) const
{
    return ask("GET", "/containers/" + id + "/stats?stream=false&one-shot=true");
}

FromEngine<std::string> Engine::createExec(
    const std::string &containerId, const ExecOptions &options) const
{
    const Json body{ { "AttachStdin", options.attachStdin },
        { "AttachStdout", options.attachStdout }, { "AttachStderr", options.tty },
        { "Tty", options.tty }, { "Cmd", options.command } };
    const auto answer = ask("POST", "/containers/" + containerId + "/exec", body);
    if (!answer)
        return tl::make_unexpected(answer.error());
    return answer->value("Id", std::string());
}

std::string Engine::execStart(const std::string &execId, bool tty)
{
    const std::string body = Json{ { "Detach", false }, { "Tty", tty } }.dump();
    return "POST " + apiVersion + "/exec/" + execId
        + "/start HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
          "Content-Type: application/json\r\nContent-Length: "
        + std::to_string(body.size()) + "\r\n\r\n" + body;
}

FromEngine<void> Engine::resizeExec(const std::string &execId, int columns, int rows) const
{
    return tell("POST",
        "/exec/" + execId + "/resize?h=" + std::to_string(rows) + "&w=" + std::to_string(columns));
}

FromEngine<void> Engine::logs(const std::string &id, const ContainerLogOptions &options,
    const LogReceiver &receive, const Cancellation &cancellation) const
{
    std::string target = apiVersion + "/containers/" + id + "/logs?stdout=true&stderr=true";
    target += options.follow ? "&follow=true" : "";
    target += options.timestamps ? "&timestamps=true" : "";
    target += options.tail >= 0 ? "&tail=" + std::to_string(options.tail) : "";
    target += options.since.empty() ? "" : "&since=" + encoded(options.since);
    LogDemultiplexer demultiplexer(receive);
    const auto take = [&](std::string_view bytes) {
        return options.tty ? receive(LogStream::Combined, bytes) : demultiplexer.feed(bytes);
    };
    const auto answer = exchange(
        m_socket, { "GET", target, {}, std::chrono::milliseconds(0), nullptr }, cancellation, take);
    if (!answer && answer.error() != std::errc::operation_canceled)
        return tl::make_unexpected(unreachable(m_host, answer.error()));
    if (answer && answer->status >= 400)
        return tl::make_unexpected(refusal(answer->status, answer->body));
    return {};
}

FromEngine<void> Engine::events(const std::string &label, const std::function<void()> &connected,
    const std::function<void(const Json &)> &receive, const Cancellation &cancellation) const
{
    const std::string target = apiVersion + "/events?"
        + filters({ { "label", { label } }, { "type", { "container" } } });
    std::string line;
    const auto take = [&](std::string_view bytes) {
        line.append(bytes);
        for (std::size_t end = line.find('\n'); end != std::string::npos; end = line.find('\n')) {
            const Json event = Json::parse(line.substr(0, end), nullptr, false);
            line.erase(0, end + 1);
            if (event.is_object())
                receive(event);
        }
        return line.size() < longestEvent;
    };
    const HttpQuestion question{ "GET", target, {}, std::chrono::milliseconds(0), connected };
    const auto answer = exchange(m_socket, question, cancellation, take);
    if (!answer)
        return tl::make_unexpected(unreachable(m_host, answer.error()));
    if (answer->status >= 400)
        return tl::make_unexpected(refusal(answer->status, answer->body));
    return {};
}

} // namespace faultline::lab
