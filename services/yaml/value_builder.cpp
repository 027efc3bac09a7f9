// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/yaml/value_builder.h"

#include <yaml-cpp/mark.h>

#include <algorithm>
#include <utility>

namespace faultline::yaml {

namespace {

constexpr const char *tooLarge = "the file is too large once its aliases are expanded";

Place placeOf(const YAML::Mark &mark)
{
    return { mark.line + 1, mark.column + 1 };
}

// yaml-cpp gives "?" for a plain value without a tag and "!" for a quoted one.
std::string localTag(const std::string &tag)
{
    return tag == "?" || tag == "!" ? std::string() : tag;
}

} // namespace

ValueBuilder::ValueBuilder(const Limits &limits)
    : m_limits(limits)
{
}

Value ValueBuilder::takeDocument()
{
    return std::exchange(m_document, {});
}

void ValueBuilder::OnDocumentStart(const YAML::Mark &mark)
{
    // At a "," yaml-cpp finds an empty document after the other and never goes on.
    if (mark.pos == m_documentStart)
        throw Problem{ { mark.line + 1, mark.column + 1 }, "a document can't begin with this" };
    m_documentStart = mark.pos;
    m_open.clear();
    m_anchors.clear(); // anchors end with their document (YAML 1.2.2, 3.2.2.2)
}

void ValueBuilder::OnDocumentEnd() { }

void ValueBuilder::OnNull(const YAML::Mark &mark, YAML::anchor_t anchor)
{
    Value value;
    value.place = placeOf(mark);
    add(std::move(value), anchor, {});
}

void ValueBuilder::OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor)
{
    const auto found = m_anchors.find(anchor);
    if (found == m_anchors.end())
        throw Problem{ placeOf(mark), "the alias stands inside the value that it names" };
    // Paid for before the copy is made: this is where a bomb ends.
    spend(placeOf(mark), found->second.cost);
    m_aliasValues += found->second.cost.values;
    if (m_aliasValues > m_limits.aliasValues)
        throw Problem{ placeOf(mark), tooLarge };
    if (static_cast<int>(m_open.size()) + found->second.cost.depth > m_limits.depth)
        throw Problem{ placeOf(mark), "values are nested too deeply" };
    m_values -= found->second.cost.values;
    m_bytes -= found->second.cost.bytes;
    Value copy = found->second.value;
    copy.place = placeOf(mark);
    add(std::move(copy), 0, found->second.cost);
}

void ValueBuilder::OnScalar(
    const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor, const std::string &value)
{
    Value scalar;
    scalar.kind = Value::Kind::Scalar;
    scalar.place = placeOf(mark);
    scalar.isQuoted = tag == "!";
    scalar.tag = localTag(tag);
    scalar.scalar = value;
    const bool isNullWord
        = tag == "?" && (value == "~" || value == "null" || value == "Null" || value == "NULL");
    const bool isKey = !m_open.empty() && m_open.back().value.isMap() && !m_open.back().hasKey;
    if (isNullWord && !isKey)
        scalar.kind = Value::Kind::Null;
    add(std::move(scalar), anchor, { 1, value.size(), 1 });
}

void ValueBuilder::OnSequenceStart(const YAML::Mark &mark, const std::string &tag,
    YAML::anchor_t anchor, YAML::EmitterStyle::value)
{
    open(Value::Kind::Sequence, mark, tag, anchor);
}

void ValueBuilder::OnSequenceEnd()
{
    close();
}

void ValueBuilder::OnMapStart(const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor,
    YAML::EmitterStyle::value)
{
    open(Value::Kind::Map, mark, tag, anchor);
}

void ValueBuilder::OnMapEnd()
{
    close();
}

void ValueBuilder::open(
    Value::Kind kind, const YAML::Mark &mark, const std::string &tag, YAML::anchor_t anchor)
{
    const Place place = placeOf(mark);
    if (static_cast<int>(m_open.size()) >= m_limits.depth)
        throw Problem{ place, "values are nested too deeply" };
    if (!m_open.empty() && m_open.back().value.isMap() && !m_open.back().hasKey)
        throw Problem{ place, "a key must be a plain text" };
    Open opened;
    opened.value.kind = kind;
    opened.value.place = place;
    opened.value.tag = localTag(tag);
    opened.anchor = anchor;
    m_open.push_back(std::move(opened));
}

void ValueBuilder::close()
{
    Open closed = std::move(m_open.back());
    m_open.pop_back();
    for (const Value &source : closed.merges)
        merge(closed.value, source, source.place);
    // What its parts cost was spent already; only the container itself is new.
    m_values -= closed.cost.values - 1;
    m_bytes -= closed.cost.bytes;
    add(std::move(closed.value), closed.anchor, closed.cost);
}

void ValueBuilder::add(Value value, YAML::anchor_t anchor, Cost cost)
{
    spend(value.place, cost);
    if (anchor != 0)
        m_anchors[anchor] = { value, cost };
    if (m_open.empty()) {
        m_document = std::move(value);
        return;
    }
    Open &parent = m_open.back();
    parent.cost.values += cost.values;
    parent.cost.bytes += cost.bytes;
    parent.cost.depth = std::max(parent.cost.depth, cost.depth + 1);
    if (parent.value.isSequence()) {
        parent.value.items.push_back(std::move(value));
    } else if (!parent.hasKey) {
        takeKey(parent, std::move(value));
    } else {
        parent.hasKey = false;
        if (parent.pending.key == "<<" && !parent.pending.isKeyQuoted) {
            parent.merges.push_back(std::move(value));
        } else {
            parent.pending.value = std::move(value);
            parent.value.entries.push_back(std::exchange(parent.pending, {}));
        }
    }
}

void ValueBuilder::takeKey(Open &parent, Value value)
{
    if (!value.isScalar())
        throw Problem{ value.place, "a key must be a plain text" };
    if (!parent.keys.insert(value.scalar).second)
        throw Problem{ value.place, "the key \"" + value.scalar + "\" stands here twice" };
    parent.hasKey = true;
    parent.pending = { std::move(value.scalar), value.place, value.isQuoted, {} };
}

void ValueBuilder::merge(Value &into, const Value &source, const Place &place)
{
    if (source.isSequence()) {
        for (const Value &item : source.items)
            merge(into, item, place);
        return;
    }
    if (!source.isMap())
        throw Problem{ place, "only a map can be merged with \"<<\"" };
    for (const Entry &entry : source.entries) {
        if (into.find(entry.key) == nullptr)
            into.entries.push_back(entry);
    }
}

void ValueBuilder::spend(const Place &place, const Cost &cost)
{
    m_values += cost.values;
    m_bytes += cost.bytes;
    if (m_values > m_limits.values || m_bytes > m_limits.expandedBytes)
        throw Problem{ place, tooLarge };
}

} // namespace faultline::yaml
