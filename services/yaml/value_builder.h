// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/yaml/yaml_value.h"

#include <yaml-cpp/eventhandler.h>

#include <map>
#include <string>
#include <unordered_set>
#include <vector>

namespace faultline::yaml {

/// Builds values from yaml-cpp's events, so that aliases are expanded here, within bounds, and not
/// by the library. Throws Problem out of a callback; readDocuments() catches it (yaml-cpp offers no
/// other way to stop).
class ValueBuilder : public YAML::EventHandler
{
public:
    explicit ValueBuilder(const Limits &limits);

    [[nodiscard]] Value takeDocument();

    void OnDocumentStart(const YAML::Mark &mark) override;
    void OnDocumentEnd() override;
    void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override;
    void OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor) override;
    void OnScalar(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
        const std::string &value) override;
    void OnSequenceStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
        YAML::EmitterStyle::value style) override;
    void OnSequenceEnd() override;
    void OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
        YAML::EmitterStyle::value style) override;
    void OnMapEnd() override;

private:
    struct Cost
    {
        std::size_t values = 1;
        std::size_t bytes = 0;
        int depth = 1;
    };
    struct Anchored
    {
        Value value;
        Cost cost;
    };
    struct Open
    {
        Value value;
        YAML::anchor_t anchor = 0;
        Cost cost;
        bool hasKey = false;
        std::unordered_set<std::string> keys;
        Entry pending; // the key that waits for its value
        std::vector<Value> merges; // values of "<<"
    };

    void add(Value value, YAML::anchor_t anchor, Cost cost);
    void open(
        Value::Kind kind, const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor);
    void close();
    void spend(const Place &place, const Cost &cost);
    static void takeKey(Open &parent, Value value);
    static void merge(Value &into, const Value &source, const Place &place);

    const Limits m_limits;
    std::size_t m_values = 0;
    std::size_t m_aliasValues = 0;
    std::size_t m_bytes = 0;
    int m_documentStart = -1; // of the last document, in the text
    std::vector<Open> m_open;
    std::map<YAML::anchor_t, Anchored> m_anchors;
    Value m_document;
};

} // namespace faultline::yaml
