// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/ci_extends.h"

#include "services/lab/gitlab/ci_fields.h"

namespace faultline::lab {

namespace {

constexpr int mostLevels = 11;
constexpr int deepestReference = 10;
constexpr int mostReferencedValues = 50'000;

int countValues(const YamlValue &value)
{
    int count = 1;
    for (const YamlValue &item : value.items)
        count += countValues(item);
    for (const auto &entry : value.entries)
        count += countValues(entry.second);
    return count;
}

class References
{
public:
    explicit References(const YamlValue &root)
        : m_root(root)
    {
    }

    void resolve(YamlValue &value, int depth)
    {
        if (value.tag == "!reference") {
            if (depth == deepestReference)
                failAt(value, "!reference", "references lead further than ten levels");
            YamlValue target = lookUp(value);
            m_count += countValues(target);
            if (m_count > mostReferencedValues)
                failAt(value, "!reference", "the file is too large once references are expanded");
            target.line = value.line;
            value = std::move(target);
            resolve(value, depth + 1);
            return;
        }
        for (YamlValue &item : value.items)
            resolve(item, depth);
        for (auto &entry : value.entries)
            resolve(entry.second, depth);
    }

private:
    [[nodiscard]] YamlValue lookUp(const YamlValue &reference) const
    {
        const std::vector<std::string> path = [&] {
            YamlValue plain = reference;
            plain.tag.clear();
            return readTexts(plain, "!reference");
        }();
        const YamlValue *target = &m_root;
        for (const std::string &key : path)
            target = target ? target->find(key) : nullptr;
        if (!target || path.empty())
            failAt(reference, "!reference", "points to a key that is not there");
        return *target;
    }

    const YamlValue &m_root;
    int m_count = 0;
};

YamlValue extended(
    const YamlValue &root, const std::string &name, const YamlValue &asked, int level)
{
    const CiKey key = "jobs:" + name;
    const YamlValue *job = root.find(name);
    if (!job)
        failAt(asked, "extends", "there is no job \"" + name + "\"");
    requireMap(*job, key);
    const YamlValue *extends = job->find("extends");
    if (!extends)
        return *job;
    if (level == mostLevels)
        failAt(*extends, key + ":extends", "more than eleven levels, or a circle");
    YamlValue merged;
    merged.kind = YamlValue::Kind::map;
    for (const std::string &parent : readTexts(*extends, key + ":extends"))
        mergeYaml(merged, extended(root, parent, *extends, level + 1));
    mergeYaml(merged, *job);
    return merged;
}

} // namespace

void mergeYaml(YamlValue &base, const YamlValue &above)
{
    for (const auto &[key, value] : above.entries) {
        YamlValue *present = base.find(key);
        if (!present)
            base.entries.emplace_back(key, value);
        else if (present->isMap() && value.isMap())
            mergeYaml(*present, value);
        else
            *present = value;
    }
    base.line = above.line;
}

void resolveReferences(YamlValue &root)
{
    const YamlValue original = root;
    References(original).resolve(root, 0);
}

YamlValue extendedJob(const YamlValue &root, const std::string &name)
{
    return extended(root, name, root, 0);
}

} // namespace faultline::lab
