// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/runner/job_environment.h"

#include <array>
#include <cstdlib>
#include <fstream>
#include <map>

#include <sys/stat.h>

namespace faultline::lab {

namespace {

constexpr std::array<const char *, 14> inherited
    = { "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR",
          "DOCKER_HOST", "XDG_RUNTIME_DIR", "NODE_PATH", "LD_LIBRARY_PATH", "ASAN_OPTIONS" };

std::string writtenFile(
    const std::filesystem::path &directory, const JobDescription::Variable &variable)
{
    const std::filesystem::path path = directory / variable.key;
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    chmod(path.c_str(), S_IRUSR | S_IWUSR);
    out << variable.value;
    return path.string();
}

} // namespace

std::vector<std::string> jobEnvironment(const JobDescription &job, const std::string &pathPrefix,
    const std::filesystem::path &projectDirectory, const std::filesystem::path &fileDirectory)
{
    std::map<std::string, std::string> values;
    for (const char *name : inherited)
        if (const char *value = std::getenv(name))
            values[name] = value;
    const char *path = std::getenv("PATH");
    values["PATH"] = path ? path : "/usr/local/bin:/usr/bin:/bin";
    for (const JobDescription::Variable &variable : job.variables)
        values[variable.key]
            = variable.file ? writtenFile(fileDirectory, variable) : variable.value;
    if (!pathPrefix.empty()) {
        std::string prefixed = pathPrefix;
        prefixed += ':';
        prefixed += values["PATH"];
        values["PATH"] = prefixed;
    }
    values["CI_PROJECT_DIR"] = projectDirectory.string();
    values["CI_BUILDS_DIR"] = projectDirectory.parent_path().parent_path().string();
    values["GIT_TERMINAL_PROMPT"] = std::string(1, '0');
    std::vector<std::string> environment;
    for (const auto &[key, value] : values) {
        if (value.find('\0') != std::string::npos)
            continue; // the kernel would cut it there
        environment.push_back(key);
        environment.back() += '=';
        environment.back() += value;
    }
    return environment;
}

} // namespace faultline::lab
