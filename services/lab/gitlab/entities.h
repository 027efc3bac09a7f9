// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "services/lab/gitlab/store_records.h"

namespace faultline::lab {

using OrderedJson = nlohmann::ordered_json;

/// Writes the objects of GitLab's REST API. `origin` and `project` are the base of every web_url.
class Entities
{
public:
    Entities(std::string origin, std::string project);

    [[nodiscard]] OrderedJson user() const;
    [[nodiscard]] OrderedJson userBasic() const;
    [[nodiscard]] OrderedJson project(const std::string &defaultBranch) const;
    [[nodiscard]] OrderedJson commit(const CommitRecord &commit) const;
    [[nodiscard]] OrderedJson branch(
        const std::string &name, const CommitRecord &commit, bool isDefault) const;
    [[nodiscard]] OrderedJson pipelineBasic(const PipelineRecord &pipeline) const;
    [[nodiscard]] OrderedJson pipeline(const PipelineRecord &pipeline, double queuedSeconds) const;
    [[nodiscard]] OrderedJson detailedStatus(const PipelineRecord &pipeline) const;
    /// "http://…/faultline/sample"
    [[nodiscard]] const std::string &web() const { return m_web; }

private:
    std::string m_origin;
    std::string m_project;
    std::string m_web; ///< of the project
};

/// JSON text; bytes that are no UTF-8 are replaced.
[[nodiscard]] std::string jsonText(const OrderedJson &value);

} // namespace faultline::lab
