// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

#include "services/lab/gitlab/store_records.h"

namespace faultline::lab {

struct Ref
{
    std::string name; ///< without "refs/heads/" or "refs/tags/"
    bool tag = false;
    std::string sha; ///< of the commit
};

/// The bare repository of the project, through git's own program. Every call blocks: use workers.
/// Any thread.
class GitRepository
{
public:
    explicit GitRepository(std::filesystem::path path);

    [[nodiscard]] const std::filesystem::path &path() const { return m_path; }

    /// Makes it when it isn't there.
    [[nodiscard]] tl::expected<void, std::string> create() const;
    /// Commits of branches and tags by full ref name.
    [[nodiscard]] tl::expected<std::map<std::string, std::string>, std::string> refs() const;
    /// A branch or tag by its short or full name; nothing when there is none.
    [[nodiscard]] std::optional<Ref> resolve(const std::string &name) const;
    /// Branch, tag or commit to a commit's full name; nothing when there is none.
    [[nodiscard]] std::optional<std::string> commitOf(const std::string &revision) const;
    [[nodiscard]] tl::expected<CommitRecord, std::string> commit(const std::string &sha) const;
    /// A file's bytes at a commit; nothing when it isn't there.
    [[nodiscard]] std::optional<std::string> file(
        const std::string &sha, const std::string &path) const;
    /// Names of all files at a commit.
    [[nodiscard]] std::vector<std::string> files(const std::string &sha) const;
    /// Names of the files in which two commits differ; nothing when git can't tell.
    [[nodiscard]] std::optional<std::vector<std::string>> changedFiles(
        const std::string &before, const std::string &after) const;
    /// Makes a tag at a commit, with a message an annotated one.
    [[nodiscard]] tl::expected<void, std::string> createTag(
        const std::string &name, const std::string &sha, const std::string &message) const;
    /// The branch that HEAD names, once it exists; else any branch; else what HEAD names.
    [[nodiscard]] std::string defaultBranch() const;
    /// Changes when a ref may have changed; cheap enough for every second.
    [[nodiscard]] std::string fingerprint() const;

    /// The environment that git gets: no configuration but ours, no prompts.
    [[nodiscard]] static std::vector<std::string> safeEnvironment();

private:
    [[nodiscard]] tl::expected<std::string, std::string> git(
        const std::vector<std::string> &arguments) const;

    std::filesystem::path m_path;
};

} // namespace faultline::lab
