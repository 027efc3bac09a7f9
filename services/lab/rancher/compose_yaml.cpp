// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/lab/rancher/compose_yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>

namespace faultline::lab {

namespace {

constexpr std::size_t largestFile = 1U << 20U;
constexpr std::size_t mostNodes = 50'000;
constexpr std::size_t mostText = 8U << 20U; ///< with aliases expanded
constexpr int deepest = 64;

/// Takes events and does nothing with them.
class Unheard : public YAML::EventHandler
{
public:
    void OnDocumentStart(const YAML::Mark &) override { }
    void OnDocumentEnd() override { }
    void OnNull(const YAML::Mark &, YAML::anchor_t) override { }
    void OnAlias(const YAML::Mark &, YAML::anchor_t) override { }
    void OnScalar(
        const YAML::Mark &, const std::string &, YAML::anchor_t, const std::string &) override
    {
    }
    void OnSequenceStart(
        const YAML::Mark &, const std::string &, YAML::anchor_t, YAML::EmitterStyle::value) override
    {
    }
    void OnSequenceEnd() override { }
    void OnMapStart(
        const YAML::Mark &, const std::string &, YAML::anchor_t, YAML::EmitterStyle::value) override
    {
    }
    void OnMapEnd() override { }
};

/// True when a second document follows the first. YAML::LoadAll never ends on a text that begins
/// with ",".
bool holdsMoreThanOne(const std::string &yaml)
{
    std::istringstream stream(yaml);
    YAML::Parser parser(stream);
    Unheard unheard;
    return parser.HandleNextDocument(unheard) && parser.HandleNextDocument(unheard);
}

} // namespace

/// Copies yaml-cpp's graph into a tree, with the bounds that keep aliases from exploding.
class YamlBuilder
{
public:
    tl::expected<YamlTree, std::string> build(const YAML::Node &node, int depth);

private:
    tl::expected<void, std::string> addEntries(const YAML::Node &node, YamlTree &tree, int depth);
    tl::expected<void, std::string> merge(const YAML::Node &node, YamlTree &tree, int depth);
    static std::string at(const YAML::Node &node, const std::string &message);

    std::size_t m_nodes = 0;
    std::size_t m_text = 0;
};

std::string YamlBuilder::at(const YAML::Node &node, const std::string &message)
{
    return "line " + std::to_string(node.Mark().line + 1) + ": " + message;
}

tl::expected<YamlTree, std::string> YamlBuilder::build(const YAML::Node &node, int depth)
{
    if (depth > deepest)
        return tl::make_unexpected(at(node, "it is nested too deeply"));
    if (++m_nodes > mostNodes || m_text > mostText)
        return tl::make_unexpected(at(node, "it holds too many values (are aliases nested?)"));
    YamlTree tree;
    tree.m_line = node.Mark().line + 1;
    switch (node.Type()) {
    case YAML::NodeType::Undefined:
    case YAML::NodeType::Null:
        break;
    case YAML::NodeType::Scalar:
        tree.m_type = YamlTree::Type::Text;
        tree.m_text = node.Scalar();
        m_text += tree.m_text.size();
        break;
    case YAML::NodeType::Sequence:
        tree.m_type = YamlTree::Type::List;
        for (const auto &item : node) {
            auto built = build(item, depth + 1);
            if (!built)
                return built;
            tree.m_items.push_back(std::move(*built));
        }
        break;
    case YAML::NodeType::Map:
        tree.m_type = YamlTree::Type::Map;
        if (auto added = addEntries(node, tree, depth); !added)
            return tl::make_unexpected(added.error());
        break;
    }
    return tree;
}

tl::expected<void, std::string> YamlBuilder::addEntries(
    const YAML::Node &node, YamlTree &tree, int depth)
{
    for (const auto &entry : node) {
        if (!entry.first.IsScalar())
            return tl::make_unexpected(at(entry.first, "a key must be a plain text"));
        const std::string key = entry.first.Scalar();
        if (key == "<<")
            continue;
        if (tree.find(key) != nullptr)
            return tl::make_unexpected(at(entry.first, "\"" + key + "\" is there twice"));
        auto value = build(entry.second, depth + 1);
        if (!value)
            return tl::make_unexpected(value.error());
        tree.m_entries.emplace_back(key, std::move(*value));
    }
    for (const auto &entry : node) {
        if (entry.first.Scalar() == "<<") {
            if (auto merged = merge(entry.second, tree, depth); !merged)
                return merged;
        }
    }
    return {};
}

tl::expected<void, std::string> YamlBuilder::merge(
    const YAML::Node &node, YamlTree &tree, int depth)
{
    auto source = build(node, depth + 1);
    if (!source)
        return tl::make_unexpected(source.error());
    std::vector<YamlTree> maps = source->type() == YamlTree::Type::List
        ? source->items()
        : std::vector<YamlTree>{ *source };
    for (YamlTree &map : maps) {
        if (map.type() != YamlTree::Type::Map)
            return tl::make_unexpected(at(node, "only maps can be merged"));
        for (auto &[key, value] : map.m_entries) {
            if (tree.find(key) == nullptr)
                tree.m_entries.emplace_back(key, std::move(value));
        }
    }
    return {};
}

const YamlTree *YamlTree::find(const std::string &key) const
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
        [&key](const auto &entry) { return entry.first == key; });
    return found == m_entries.end() ? nullptr : &found->second;
}

tl::expected<YamlTree, std::string> YamlTree::parse(const std::string &yaml)
{
    if (yaml.size() > largestFile)
        return tl::make_unexpected(std::string("it is larger than 1 MiB"));
    try {
        if (holdsMoreThanOne(yaml))
            return tl::make_unexpected(std::string("it holds more than one document"));
        return YamlBuilder().build(YAML::Load(yaml), 0);
    } catch (const std::exception &error) { // yaml-cpp throws, and nothing above expects it
        return tl::make_unexpected(std::string(error.what()));
    }
}

} // namespace faultline::lab
