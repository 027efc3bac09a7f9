// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/git_repository.h"

#include <algorithm>
#include <cstdlib>

#include <sys/stat.h>

#include "services/lab/gitlab/run_program.h"

namespace faultline::lab {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view branchPrefix = "refs/heads/";
constexpr std::string_view tagPrefix = "refs/tags/";

std::vector<std::string> split(std::string_view text, char separator)
{
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find(separator, at), text.size());
        parts.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

std::string trimmed(std::string text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.pop_back();
    return text;
}

// What git would take as an option, as a range or as more than one name is no revision here.
bool isPlainName(const std::string &name)
{
    return !name.empty() && name.size() < 1024 && name.front() != '-'
        && name.find("..") == std::string::npos
        && name.find_first_of(" ~^:?*[\\\n\t") == std::string::npos
        && name.find("@{") == std::string::npos;
}

} // namespace

GitRepository::GitRepository(fs::path path)
    : m_path(std::move(path))
{
}

std::vector<std::string> GitRepository::safeEnvironment()
{
    const char *path = std::getenv("PATH");
    const char *home = std::getenv("HOME");
    return { std::string("PATH=") + (path ? path : "/usr/bin:/bin"),
        std::string("HOME=") + (home ? home : "/"), "LC_ALL=C.UTF-8", "GIT_CONFIG_NOSYSTEM=1",
        "GIT_CONFIG_GLOBAL=/dev/null", "GIT_TERMINAL_PROMPT=0", "GIT_CONFIG_COUNT=1",
        "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*" };
}

tl::expected<std::string, std::string> GitRepository::git(
    const std::vector<std::string> &arguments) const
{
    ProgramCall call;
    call.arguments = { "git", "--git-dir=" + m_path.string() };
    call.arguments.insert(call.arguments.end(), arguments.begin(), arguments.end());
    call.environment = safeEnvironment();
    auto result = runProgram(call);
    if (!result)
        return tl::unexpected(result.error());
    if (result->exitCode != 0)
        return tl::unexpected("git " + arguments.front() + ": " + trimmed(result->error));
    return std::move(result->output);
}

tl::expected<void, std::string> GitRepository::create() const
{
    std::error_code error;
    if (!fs::exists(m_path / "HEAD", error)) {
        fs::create_directories(m_path, error);
        if (error)
            return tl::unexpected("can't create " + m_path.string() + ": " + error.message());
        if (auto made
            = git({ "init", "--quiet", "--bare", "--initial-branch=main", m_path.string() });
            !made)
            return tl::unexpected(made.error());
    }
    // Runners fetch the commit of their job, which need not be the tip of a branch any more.
    for (const char *setting : { "uploadpack.allowAnySHA1InWant", "http.receivepack" })
        if (auto set = git({ "config", setting, "true" }); !set)
            return tl::unexpected(set.error());
    return {};
}

tl::expected<std::map<std::string, std::string>, std::string> GitRepository::refs() const
{
    const auto text = git({ "for-each-ref", "--format=%(refname) %(objectname) %(*objectname)",
        "refs/heads", "refs/tags" });
    if (!text)
        return tl::unexpected(text.error());
    std::map<std::string, std::string> refs;
    for (const std::string &line : split(*text, '\n')) {
        const auto parts = split(line, ' ');
        if (parts.size() >= 2)
            refs[parts[0]] = parts.size() > 2 && !parts[2].empty() ? parts[2] : parts[1];
    }
    return refs;
}

std::optional<Ref> GitRepository::resolve(const std::string &name) const
{
    if (!isPlainName(name))
        return std::nullopt;
    const auto known = refs();
    if (!known)
        return std::nullopt;
    for (const std::string_view prefix : { branchPrefix, tagPrefix, std::string_view() }) {
        const auto found = known->find(std::string(prefix) + name);
        if (found == known->end())
            continue;
        const bool tag = found->first.starts_with(tagPrefix);
        return Ref{ found->first.substr(tag ? tagPrefix.size() : branchPrefix.size()), tag,
            found->second };
    }
    return std::nullopt;
}

std::optional<std::string> GitRepository::commitOf(const std::string &revision) const
{
    if (!isPlainName(revision))
        return std::nullopt;
    const auto sha
        = git({ "rev-parse", "--verify", "--quiet", "--end-of-options", revision + "^{commit}" });
    return sha ? std::optional(trimmed(*sha)) : std::nullopt;
}

tl::expected<CommitRecord, std::string> GitRepository::commit(const std::string &sha) const
{
    const auto text = git({ "log", "-1", "--no-show-signature", "--encoding=UTF-8",
        "--format=%H%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%s%x00%B", sha, "--" });
    if (!text)
        return tl::unexpected(text.error());
    const auto parts = split(*text, '\0');
    if (parts.size() < 10)
        return tl::unexpected("git knows nothing of the commit " + sha);
    CommitRecord commit{ parts[0], {}, parts[2], parts[3], parts[4], parts[5], parts[6], parts[7],
        parts[8], parts[9] };
    if (!parts[1].empty())
        commit.parents = split(parts[1], ' ');
    while (commit.message.ends_with("\n\n"))
        commit.message.pop_back();
    return commit;
}

std::optional<std::string> GitRepository::file(
    const std::string &sha, const std::string &path) const
{
    auto content = git({ "cat-file", "blob", sha + ":" + path });
    return content ? std::optional(std::move(*content)) : std::nullopt;
}

std::vector<std::string> GitRepository::files(const std::string &sha) const
{
    auto text = git({ "ls-tree", "-r", "-z", "--name-only", sha });
    std::vector<std::string> names = text ? split(*text, '\0') : std::vector<std::string>();
    std::erase(names, std::string());
    return names;
}

std::optional<std::vector<std::string>> GitRepository::changedFiles(
    const std::string &before, const std::string &after) const
{
    const auto text = git({ "diff", "--name-only", "-z", "--no-renames", before, after, "--" });
    if (!text)
        return std::nullopt;
    std::vector<std::string> names = split(*text, '\0');
    std::erase(names, std::string());
    return names;
}

tl::expected<void, std::string> GitRepository::createTag(
    const std::string &name, const std::string &sha, const std::string &message) const
{
    if (!isPlainName(name))
        return tl::unexpected(std::string("Tag name invalid"));
    std::vector<std::string> arguments
        = { "-c", "user.name=Lab user", "-c", "user.email=lab@localhost", "tag" };
    if (!message.empty()) {
        arguments.emplace_back("-a");
        arguments.push_back("--message=" + message);
    }
    arguments.insert(arguments.end(), { "--", name, sha });
    const auto made = git(arguments);
    return made ? tl::expected<void, std::string>() : tl::unexpected(made.error());
}

std::string GitRepository::defaultBranch() const
{
    const auto head = git({ "symbolic-ref", "--short", "HEAD" });
    std::string name = head ? trimmed(*head) : "main";
    const auto known = refs();
    if (!known || known->contains(std::string(branchPrefix) + name))
        return name;
    for (const auto &[ref, sha] : *known)
        if (ref.starts_with(branchPrefix))
            return ref.substr(branchPrefix.size());
    return name;
}

std::string GitRepository::fingerprint() const
{
    std::string print;
    const auto note = [&print](const fs::path &path) {
        struct stat status
        {
        };
        if (stat(path.c_str(), &status) == 0)
            print += std::to_string(status.st_mtim.tv_sec) + "."
                + std::to_string(status.st_mtim.tv_nsec) + ":" + std::to_string(status.st_ino)
                + ";";
    };
    note(m_path / "packed-refs");
    std::error_code error;
    fs::recursive_directory_iterator walk(
        m_path / "refs", fs::directory_options::skip_permission_denied, error);
    for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error))
        note(walk->path());
    return print;
}

} // namespace faultline::lab
