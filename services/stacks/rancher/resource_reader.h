// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/json/reader.h"
#include "services/stacks/rancher/rancher_parse.h"

/// How one resource's JSON object becomes a value; shared by the parsers of answers and of frames.
namespace faultline::stacks::rancher {

/// Texts and states that many resources of one answer have in common.
class SharedValues
{
public:
    [[nodiscard]] QString text(json::Value &value) { return m_texts.text(value); }

    template <typename E>
    [[nodiscard]] domain::OpenEnum<E> openEnum(json::Value &value)
    {
        return domain::OpenEnum<E>::fromText(m_texts.text(value));
    }

private:
    json::SharedTexts m_texts;
};

[[nodiscard]] domain::Project readProject(json::Object object, SharedValues &shared);
[[nodiscard]] domain::Stack readStack(json::Object object, SharedValues &shared);
[[nodiscard]] domain::Service readService(json::Object object, SharedValues &shared);
[[nodiscard]] domain::Container readContainer(json::Object object, SharedValues &shared);
[[nodiscard]] domain::Host readHost(json::Object object, SharedValues &shared);

} // namespace faultline::stacks::rancher
