// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/runner/job_script.h"

namespace faultline::lab {

namespace {

constexpr const char *preamble = "#!/usr/bin/env bash\nset -eo pipefail\nset +o noclobber\n";

// As gitlab-runner shows it: in green, only the first line of several.
std::string shownCommand(std::string_view line)
{
    const std::size_t end = line.find('\n');
    const bool more = end != std::string_view::npos && end + 1 < line.size();
    return "\033[32;1m$ " + std::string(line.substr(0, end))
        + (more ? " # collapsed multi-line command" : "") + "\033[0;m";
}

} // namespace

std::string quotedForShell(std::string_view text)
{
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'')
            out += "'\\''";
        else
            out += c;
    }
    return out + "'";
}

std::string stepScript(const std::vector<std::string> &lines, const std::string &directory)
{
    std::string script = preamble;
    script += "cd " + quotedForShell(directory) + "\n";
    for (const std::string &line : lines) {
        script += "printf '%s\\n' " + quotedForShell(shownCommand(line)) + "\n";
        script += line + "\n";
    }
    return script;
}

std::string sourcesScript(const std::string &directory, const std::string &repositoryUrl,
    const std::string &sha, const std::string &ref)
{
    const std::string checkout
        = "Checking out " + sha.substr(0, 8) + " as detached HEAD (ref is " + ref + ")...";
    std::string script = preamble;
    script += "directory=" + quotedForShell(directory) + "\n";
    script += "mkdir -p -- \"$directory\"\ncd -- \"$directory\"\n";
    script += "git init --quiet .\n"
              "rm -f .git/index.lock .git/shallow.lock .git/HEAD.lock .git/config.lock\n"
              "printf '\\033[32;1m%s\\033[0;m\\n' 'Fetching changes with git depth set to 20...'\n";
    script += "git fetch --quiet --force --depth 20 --no-tags -- " + quotedForShell(repositoryUrl)
        + " " + quotedForShell(sha) + "\n";
    script += "printf '\\033[32;1m%s\\033[0;m\\n' " + quotedForShell(checkout) + "\n";
    script += "git -c advice.detachedHead=false checkout --quiet --force --detach "
        + quotedForShell(sha) + "\n";
    script += "git clean -ffdxq\n";
    return script;
}

} // namespace faultline::lab
