// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/agent/cgroup/remembered_values.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <unistd.h>

namespace faultline::agent {
namespace {

namespace fs = std::filesystem;

constexpr char separator = '~';
const std::string ours = "faultline-";

std::string withoutSpaces(std::string text)
{
    std::ranges::replace(text, ' ', '_');
    return text;
}

std::string withSpaces(std::string text)
{
    std::ranges::replace(text, '_', ' ');
    return text;
}

std::string trimmed(std::string text)
{
    while (!text.empty() && (text.back() == '\n' || text.back() == ' '))
        text.pop_back();
    return text;
}

/// Of a line's words after the device: the one that follows `field=`, or the first when no field is
/// asked for.
std::string wordOf(std::istringstream &words, const std::string &field)
{
    for (std::string word; words >> word;) {
        if (field.empty())
            return word;
        if (word.starts_with(field + '='))
            return word.substr(field.size() + 1);
    }
    return {};
}

struct Key
{
    std::string device;
    std::string field;
};

Key split(const std::string &key)
{
    const auto dot = key.find('.');
    return dot == std::string::npos ? Key{ key, {} }
                                    : Key{ key.substr(0, dot), key.substr(dot + 1) };
}

} // namespace

RememberedValues::RememberedValues(fs::path folder, std::string fault)
    : m_folder(std::move(folder))
    , m_fault(std::move(fault))
{
}

std::string RememberedValues::now(const std::string &file, const std::string &key) const
{
    std::ifstream stream(m_folder / file);
    const std::string text{ std::istreambuf_iterator<char>(stream), {} };
    if (key.empty()) {
        const std::string value = trimmed(text);
        // On its way to FROZEN it is as good as there.
        return file == "freezer.state" && value == "FREEZING" ? "FROZEN" : value;
    }
    const auto [device, field] = split(key);
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        if (std::string first; words >> first && first == device)
            return wordOf(words, field);
    }
    return field.empty() ? "0" : "max"; // what a device without a line has
}

bool RememberedValues::write(const CgroupValue &value, const std::string &text) const
{
    const auto [device, field] = split(value.key);
    const std::string line
        = device.empty() ? text : device + ' ' + (field.empty() ? "" : field + '=') + text;
    const int file = ::open((m_folder / value.file).c_str(), O_WRONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    const bool written
        = ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size());
    const int error = errno;
    ::close(file);
    errno = error;
    return written;
}

fs::path RememberedValues::note(const CgroupValue &value) const
{
    return m_folder
        / (ours + m_fault + separator + value.file + separator + value.key + separator
            + withoutSpaces(value.was) + separator + withoutSpaces(value.set));
}

std::vector<CgroupValue> RememberedValues::notes(const std::string &prefix) const
{
    std::vector<CgroupValue> found;
    std::error_code error;
    for (fs::directory_iterator it(m_folder, error), end; !error && it != end;
         it.increment(error)) {
        const std::string name = it->path().filename().string();
        if (!name.starts_with(prefix))
            continue;
        std::vector<std::string> parts;
        std::istringstream words(name);
        for (std::string part; std::getline(words, part, separator);)
            parts.push_back(part);
        if (parts.size() == 5)
            found.push_back({ parts[1], parts[2], withSpaces(parts[3]), withSpaces(parts[4]) });
    }
    return found;
}

std::vector<CgroupValue> RememberedValues::changed() const
{
    return notes(ours + m_fault + separator);
}

Outcome<> RememberedValues::change(
    const std::string &file, const std::string &key, const std::string &set)
{
    for (const CgroupValue &other : notes(ours))
        if (other.file == file && other.key == key)
            return refused(Refusal::Foreign,
                "Another fault changed " + file + " of the target's cgroup. Stop it first.");
    const CgroupValue value{ file, key, now(file, key), set };
    std::error_code error;
    if (!fs::exists(m_folder / file, error) || value.was.empty())
        return refused(Refusal::CannotHere, "This kernel's cgroups have no " + file + '.');
    if (!fs::create_directory(note(value), error))
        return refused(Refusal::CannotHere,
            "The target's cgroup can't be written to: " + error.message() + '.');
    if (write(value, set))
        return {};
    const std::string reason = std::strerror(errno);
    fs::remove(note(value), error);
    return refused(
        Refusal::CannotHere, "The kernel refuses " + set + " in " + file + ": " + reason + '.');
}

Outcome<> RememberedValues::restore()
{
    m_leftAlone.clear();
    std::string problem;
    for (const CgroupValue &value : changed()) {
        const std::string current = now(value.file, value.key);
        if (current == value.set && current != value.was && !write(value, value.was)) {
            problem = value.file + " can't be set back to " + value.was + ": "
                + std::strerror(errno) + '.';
            continue;
        }
        if (current != value.set && current != value.was)
            m_leftAlone += (m_leftAlone.empty() ? "" : ", ") + value.file + " (" + current + ')';
        std::error_code error;
        if (!fs::remove(note(value), error) && error)
            problem = "The note of " + value.file + " can't be removed: " + error.message() + '.';
    }
    // A proof's cgroup, of an agent that was killed during the proof; its process is gone with it.
    std::error_code ignored;
    fs::remove(m_folder / (ours + m_fault + "-probe"), ignored);
    return problem.empty() ? Outcome<>() : refused(Refusal::Leaked, problem);
}

} // namespace faultline::agent
