// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/runner_registry.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "services/lab/gitlab/random_token.h"

namespace faultline::lab {

namespace {

constexpr const char *kind = "runner";
constexpr std::size_t longestText = 255;
constexpr std::size_t mostManagers = 100;

DocumentStore::Json documentOf(const LabRunner &r)
{
    DocumentStore::Json out = { { "id", r.id }, { "slot", r.slot },
        { "description", r.description }, { "type", r.type }, { "access", r.accessLevel },
        { "note", r.note }, { "tags", r.tags }, { "paused", r.paused }, { "locked", r.locked },
        { "untagged", r.runUntagged }, { "timeout", r.maximumTimeout }, { "created", r.created } };
    if (r.slot == 0)
        out["token"] = r.token; // the lab's own get another at each start
    return out;
}

LabRunner runnerOf(const DocumentStore::Json &d)
{
    LabRunner r;
    r.id = d.value("id", r.id);
    r.slot = d.value("slot", r.slot);
    r.description = d.value("description", r.description);
    r.token = d.value("token", r.token);
    r.type = d.value("type", r.type);
    r.accessLevel = d.value("access", r.accessLevel);
    r.note = d.value("note", r.note);
    r.tags = d.value("tags", r.tags);
    r.paused = d.value("paused", r.paused);
    r.locked = d.value("locked", r.locked);
    r.runUntagged = d.value("untagged", r.runUntagged);
    r.maximumTimeout = d.value("timeout", r.maximumTimeout);
    r.created = d.value("created", r.created);
    return r;
}

std::string textOf(const nlohmann::json &object, const char *key)
{
    const auto found = object.find(key);
    return found != object.end() && found->is_string()
        ? found->get<std::string>().substr(0, longestText)
        : std::string();
}

} // namespace

RunnerRegistry::RunnerRegistry(DocumentStore &documents)
    : m_documents(documents)
{
}

void RunnerRegistry::load(std::size_t slots, Milliseconds now)
{
    m_runners.clear();
    for (const auto &document : m_documents.all(kind)) {
        LabRunner runner = runnerOf(document);
        if (runner.slot <= slots)
            m_runners.push_back(std::move(runner));
    }
    for (std::size_t slot = 1; slot <= slots; ++slot) {
        const auto has = [slot](const LabRunner &r) { return r.slot == slot; };
        auto found = std::find_if(m_runners.begin(), m_runners.end(), has);
        if (found == m_runners.end()) {
            LabRunner made;
            made.slot = slot;
            made.description = "faultline-lab slot " + std::to_string(slot);
            made.created = now;
            add(std::move(made));
            found = std::find_if(m_runners.begin(), m_runners.end(), has);
        }
        found->token = randomToken("glrt-");
    }
}

LabRunner *RunnerRegistry::find(std::int64_t id)
{
    const auto found = std::find_if(
        m_runners.begin(), m_runners.end(), [id](const LabRunner &r) { return r.id == id; });
    return found == m_runners.end() ? nullptr : &*found;
}

LabRunner *RunnerRegistry::byToken(std::string_view token)
{
    const auto found = std::find_if(m_runners.begin(), m_runners.end(),
        [token](const LabRunner &r) { return sameSecret(token, r.token); });
    return found == m_runners.end() ? nullptr : &*found;
}

LabRunner &RunnerRegistry::add(LabRunner runner)
{
    auto document = documentOf(runner);
    runner.id = m_documents.add(kind, document);
    m_runners.push_back(std::move(runner));
    return m_runners.back();
}

void RunnerRegistry::save(const LabRunner &runner)
{
    m_documents.save(kind, documentOf(runner));
}

void RunnerRegistry::remove(std::int64_t id)
{
    m_documents.remove(kind, id);
    std::erase_if(m_runners, [id](const LabRunner &r) { return r.id == id; });
}

void RunnerRegistry::hear(LabRunner &runner, const nlohmann::json &request, Milliseconds now)
{
    runner.contacted = now;
    const std::string systemId = textOf(request, "system_id");
    auto manager = std::find_if(runner.managers.begin(), runner.managers.end(),
        [&](const RunnerManager &m) { return m.systemId == systemId; });
    if (manager == runner.managers.end()) {
        if (runner.managers.size() >= mostManagers)
            runner.managers.erase(runner.managers.begin());
        RunnerManager made;
        made.id = ++m_lastManager;
        made.systemId = systemId;
        made.created = now;
        manager = runner.managers.insert(runner.managers.end(), std::move(made));
    }
    manager->contacted = now;
    const auto info = request.find("info");
    if (info == request.end() || !info->is_object())
        return;
    manager->version = textOf(*info, "version");
    manager->revision = textOf(*info, "revision");
    manager->platform = textOf(*info, "platform");
    manager->architecture = textOf(*info, "architecture");
    if (const auto features = info->find("features");
        features != info->end() && features->is_object())
        manager->cancelsGracefully = features->value("cancel_gracefully", false);
}

bool RunnerRegistry::cancelsGracefully(std::int64_t id)
{
    const LabRunner *runner = find(id);
    return runner
        && std::any_of(runner->managers.begin(), runner->managers.end(),
            [](const auto &m) { return m.cancelsGracefully; });
}

std::string RunnerRegistry::registrationToken()
{
    for (const auto &document : m_documents.all("registration"))
        return document.value("token", "");
    DocumentStore::Json made = { { "token", randomToken("GR1348941") } };
    m_documents.add("registration", made);
    return made.at("token").get<std::string>();
}

bool takesTags(const LabRunner &runner, const std::string &jobTags)
{
    if (runner.slot != 0 && runner.tags.empty())
        return true; // the lab stands for whatever fleet the tags mean
    const auto tags = nlohmann::json::parse(jobTags, nullptr, false);
    if (!tags.is_array() || tags.empty())
        return runner.runUntagged;
    return std::all_of(tags.begin(), tags.end(), [&](const nlohmann::json &tag) {
        return tag.is_string()
            && std::find(runner.tags.begin(), runner.tags.end(), tag.get<std::string>())
            != runner.tags.end();
    });
}

} // namespace faultline::lab
