// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/gitlab/yaml_value.h"

#include <algorithm>

#include <yaml-cpp/yaml.h>

namespace faultline::lab {

namespace {

constexpr std::size_t largestText = 1024 * 1024;
constexpr int mostValues = 50'000;
constexpr int deepest = 64;
constexpr std::size_t mostExpandedBytes = 8 * 1024 * 1024;

template <typename Entries>
auto findEntry(Entries &entries, std::string_view key) -> decltype(&entries.front().second)
{
    const auto found = std::find_if(
        entries.begin(), entries.end(), [key](const auto &entry) { return entry.first == key; });
    return found == entries.end() ? nullptr : &found->second;
}

class Conversion
{
public:
    tl::expected<YamlValue, CiError> convert(const YAML::Node &node, int depth)
    {
        const int line = node.Mark().line + 1;
        if (depth > deepest)
            return tl::unexpected(CiError{ line, {}, "values are nested too deeply" });
        m_bytes += node.IsScalar() ? node.Scalar().size() : 0;
        if (++m_count > mostValues || m_bytes > mostExpandedBytes)
            return tl::unexpected(
                CiError{ line, {}, "the file is too large once aliases are expanded" });
        YamlValue value;
        value.line = line;
        value.quoted = node.Tag() == "!";
        if (node.Tag().starts_with("!") && node.Tag() != "!")
            value.tag = node.Tag();
        switch (node.Type()) {
        case YAML::NodeType::Undefined:
        case YAML::NodeType::Null:
            return value;
        case YAML::NodeType::Scalar:
            value.kind = YamlValue::Kind::scalar;
            value.scalar = node.Scalar();
            return value;
        case YAML::NodeType::Sequence:
            return sequence(node, std::move(value), depth);
        case YAML::NodeType::Map:
            return map(node, std::move(value), depth);
        }
        return value;
    }

private:
    tl::expected<YamlValue, CiError> sequence(const YAML::Node &node, YamlValue value, int depth)
    {
        value.kind = YamlValue::Kind::sequence;
        for (const YAML::Node &item : node) {
            auto converted = convert(item, depth + 1);
            if (!converted)
                return converted;
            value.items.push_back(std::move(*converted));
        }
        return value;
    }

    tl::expected<YamlValue, CiError> map(const YAML::Node &node, YamlValue value, int depth)
    {
        value.kind = YamlValue::Kind::map;
        std::vector<YamlValue> merged;
        for (const auto &entry : node) {
            const int line = entry.first.Mark().line + 1;
            if (!entry.first.IsScalar())
                return tl::unexpected(CiError{ line, {}, "a key must be a plain text" });
            auto converted = convert(entry.second, depth + 1);
            if (!converted)
                return converted;
            const std::string &key = entry.first.Scalar();
            if (key == "<<") {
                merged.push_back(std::move(*converted));
                continue;
            }
            if (value.find(key))
                return tl::unexpected(CiError{ line, key, "the key is there twice" });
            converted->line = line;
            value.entries.emplace_back(key, std::move(*converted));
        }
        for (const YamlValue &source : merged)
            if (auto applied = merge(value, source); !applied)
                return tl::unexpected(applied.error());
        return value;
    }

    // Keys of the map itself win, then those of the first map of a merged list.
    static tl::expected<void, CiError> merge(YamlValue &into, const YamlValue &source)
    {
        if (source.isSequence()) {
            for (const YamlValue &item : source.items)
                if (auto applied = merge(into, item); !applied)
                    return applied;
            return {};
        }
        if (!source.isMap())
            return tl::unexpected(CiError{ source.line, "<<", "only a map can be merged" });
        for (const auto &[key, value] : source.entries)
            if (!into.find(key))
                into.entries.emplace_back(key, value);
        return {};
    }

    int m_count = 0;
    std::size_t m_bytes = 0;
};

void emit(YAML::Emitter &out, const YamlValue &value)
{
    if (!value.tag.empty())
        out << YAML::LocalTag(value.tag.substr(1));
    switch (value.kind) {
    case YamlValue::Kind::null:
        out << YAML::Null;
        return;
    case YamlValue::Kind::scalar:
        if (value.quoted)
            out << YAML::DoubleQuoted;
        out << value.scalar;
        return;
    case YamlValue::Kind::sequence:
        out << YAML::BeginSeq;
        for (const YamlValue &item : value.items)
            emit(out, item);
        out << YAML::EndSeq;
        return;
    case YamlValue::Kind::map:
        out << YAML::BeginMap;
        for (const auto &[key, content] : value.entries) {
            out << YAML::Key << key << YAML::Value;
            emit(out, content);
        }
        out << YAML::EndMap;
        return;
    }
}

} // namespace

std::string yamlText(const YamlValue &value)
{
    YAML::Emitter out;
    emit(out, value);
    return std::string("---\n") + out.c_str() + "\n";
}

const YamlValue *YamlValue::find(std::string_view key) const
{
    return findEntry(entries, key);
}

YamlValue *YamlValue::find(std::string_view key)
{
    return findEntry(entries, key);
}

tl::expected<YamlValue, CiError> readYaml(const std::string &text)
{
    if (text.size() > largestText)
        return tl::unexpected(CiError{ 0, {}, "the file is larger than 1 MiB" });
    try {
        return Conversion().convert(YAML::Load(text), 0);
    } catch (const YAML::Exception &failure) {
        return tl::unexpected(CiError{ failure.mark.line + 1, {}, failure.msg });
    }
}

} // namespace faultline::lab
