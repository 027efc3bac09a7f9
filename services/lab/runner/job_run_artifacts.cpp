// SPDX-License-Identifier: GPL-3.0-or-later
// What JobRun does with artifacts: those of other jobs in, its own out.
#include <algorithm>

#include "services/lab/runner/artifacts_archive.h"
#include "services/lab/runner/job_run.h"
#include "services/lab/runner/log_colours.h"

namespace faultline::lab {

namespace {

namespace fs = std::filesystem;

bool wantedAfter(const JobDescription::Artifact &artifact, const JobOutcome &outcome)
{
    if (artifact.when == "always")
        return true;
    return (artifact.when == "on_failure") != outcome.success;
}

} // namespace

void JobRun::downloadDependencies()
{
    if (m_job.dependencies.empty())
        return;
    m_log.beginSection("download_artifacts", "Downloading artifacts");
    for (const JobDescription::Dependency &dependency : m_job.dependencies) {
        m_log.line(green("Downloading artifacts for " + dependency.name + " ("
            + std::to_string(dependency.id) + ")..."));
        const auto zip = m_client.downloadArtifacts(dependency);
        const auto done = zip ? extractZip(*zip, m_projectDirectory)
                              : tl::expected<void, std::string>(tl::unexpected(zip.error()));
        if (!done)
            m_log.line(yellow("WARNING: no artifacts of " + dependency.name + ": " + done.error()));
    }
    m_log.endSection("download_artifacts");
}

void JobRun::uploadArtifacts(const JobOutcome &outcome)
{
    const bool any = std::any_of(m_job.artifacts.begin(), m_job.artifacts.end(),
        [&](const JobDescription::Artifact &artifact) { return wantedAfter(artifact, outcome); });
    if (!any)
        return;
    const std::string section
        = outcome.success ? "upload_artifacts_on_success" : "upload_artifacts_on_failure";
    m_log.beginSection(section,
        outcome.success ? "Uploading artifacts for successful job"
                        : "Uploading artifacts for failed job");
    for (const JobDescription::Artifact &artifact : m_job.artifacts)
        if (wantedAfter(artifact, outcome))
            uploadOne(artifact);
    m_log.endSection(section);
}

void JobRun::uploadOne(const JobDescription::Artifact &artifact)
{
    m_log.line(green("Uploading artifacts..."));
    const std::vector<std::string> files
        = matchingFiles(m_projectDirectory, artifact.paths, artifact.exclude);
    for (const std::string &pattern : artifact.paths) {
        const auto count = matchingFiles(m_projectDirectory, { pattern }, {}).size();
        m_log.line(count > 0 ? pattern + ": found " + std::to_string(count)
                    + " matching artifact files and directories"
                             : yellow("WARNING: " + pattern
                                 + ": no matching files. Ensure that the artifact path is relative "
                                   "to the working "
                                   "directory"));
    }
    if (files.empty()) {
        m_log.line(red("ERROR: No files to upload"));
        return;
    }
    const bool isZip = artifact.format == "zip";
    const std::string base
        = artifact.name.empty() ? (isZip ? "artifacts" : artifact.type + ".xml") : artifact.name;
    const std::string fileName = base + (isZip ? ".zip" : ".gz");
    const fs::path file = m_scriptDirectory / ("upload-" + artifact.type);
    auto done = isZip ? writeZip(file, m_projectDirectory, files)
                      : writeGzip(file, m_projectDirectory, files);
    if (done)
        done = m_client.upload(m_job, artifact, file, fileName);
    m_log.line(done
            ? "Uploading artifacts as \"" + artifact.type + "\" to coordinator... 201 Created"
            : yellow("WARNING: Uploading artifacts as \"" + artifact.type
                + "\" failed: " + done.error()));
}

} // namespace faultline::lab
