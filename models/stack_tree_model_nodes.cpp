// SPDX-License-Identifier: GPL-3.0-or-later
// Nodes of StackTreeModel into the tree and out of it, with the signals.
#include "models/stack_tree_model.h"

#include <algorithm>

namespace faultline::models {

void StackTreeModel::addFresh(NodePointer node, Node &parent)
{
    node->parent = &parent;
    if (parent.isAttached)
        m_fresh.emplace_back(&parent, std::move(node));
    else
        parent.rows.push_back(std::move(node));
}

/// Makes a new subtree ready to be shown: sorted, numbered, matched.
void StackTreeModel::prepare(Node &node)
{
    node.isAttached = true;
    for (const NodePointer &child : node.rows)
        prepare(*child);
    sortRows(node);
}

void StackTreeModel::insertFresh()
{
    std::vector<std::pair<Node *, NodePointer>> fresh = std::exchange(m_fresh, {});
    std::stable_sort(fresh.begin(), fresh.end(),
        [](const auto &a, const auto &b) { return std::less<>()(a.first, b.first); });
    for (std::size_t from = 0; from < fresh.size();) {
        Node &parent = *fresh[from].first;
        std::vector<NodePointer> group;
        for (; from < fresh.size() && fresh[from].first == &parent; ++from) {
            prepare(*fresh[from].second);
            group.push_back(std::move(fresh[from].second));
        }
        if (!isFiltering()) {
            insertGroup(parent, std::move(group));
            continue;
        }
        int matches = 0;
        for (NodePointer &node : group) {
            matches += matchDeep(*node);
            m_toReconcile.insert(topOf(*node));
            parent.hidden.push_back(std::move(node));
        }
        for (Node *node = &parent; node != nullptr; node = node->parent)
            node->matchesBelow += matches;
    }
}

void StackTreeModel::insertGroup(Node &parent, std::vector<NodePointer> group)
{
    const auto less = [this](const NodePointer &a, const NodePointer &b) { return before(*a, *b); };
    if (!std::is_sorted(group.begin(), group.end(), less))
        std::sort(group.begin(), group.end(), less);
    for (std::size_t to = group.size(); to > 0;) {
        const auto place
            = std::lower_bound(parent.rows.begin(), parent.rows.end(), group[to - 1], less);
        std::size_t from = to - 1;
        while (from > 0
            && (place == parent.rows.begin() || before(**std::prev(place), *group[from - 1])))
            --from;
        const auto first = place - parent.rows.begin();
        beginInsertRows(indexOfNode(&parent), static_cast<int>(first),
            static_cast<int>(first) + static_cast<int>(to - from) - 1);
        parent.rows.insert(place,
            std::make_move_iterator(group.begin() + static_cast<std::ptrdiff_t>(from)),
            std::make_move_iterator(group.begin() + static_cast<std::ptrdiff_t>(to)));
        parent.renumber(static_cast<std::size_t>(first));
        endInsertRows();
        to = from;
    }
}

void StackTreeModel::removeNodes(Nodes nodes)
{
    std::sort(nodes.begin(), nodes.end(), [](const Node *a, const Node *b) {
        return a->parent != b->parent ? std::less<>()(a->parent, b->parent) : a->row > b->row;
    });
    for (std::size_t from = 0; from < nodes.size();) {
        Node &parent = *nodes[from]->parent;
        const int last = nodes[from]->row;
        std::size_t to = from + 1;
        while (last >= 0 && to < nodes.size() && nodes[to]->parent == &parent
            && nodes[to]->row == nodes[to - 1]->row - 1 && nodes[to]->row >= 0)
            ++to;
        int matches = 0;
        for (std::size_t i = from; i < to; ++i) {
            matches += nodes[i]->matchesBelow + (nodes[i]->isMatch ? 1 : 0);
            forget(*nodes[i]);
        }
        for (Node *node = &parent; node != nullptr; node = node->parent) {
            node->matchesBelow -= matches;
            if (matches > 0 && node->kind == StackNodeKind::Stack)
                m_toReconcile.insert(node);
        }
        if (last >= 0) {
            removeRange(parent, nodes[to - 1]->row, last);
        } else {
            std::erase_if(
                parent.hidden, [&](const NodePointer &node) { return node.get() == nodes[from]; });
        }
        from = to;
    }
}

void StackTreeModel::removeRange(Node &parent, int first, int last)
{
    const bool isShown = parent.isShown();
    if (isShown)
        beginRemoveRows(indexOfNode(&parent), first, last);
    parent.rows.erase(parent.rows.begin() + first, parent.rows.begin() + last + 1);
    parent.renumber(static_cast<std::size_t>(first));
    if (isShown)
        endRemoveRows();
}

void StackTreeModel::forget(const Node &node)
{
    for (const NodePointer &child : node.rows)
        forget(*child);
    for (const NodePointer &child : node.hidden)
        forget(*child);
    auto *mutableNode = const_cast<Node *>(&node);
    std::erase(m_changed, mutableNode);
    m_toReconcile.remove(mutableNode);
    switch (node.kind) {
    case StackNodeKind::Stack:
        m_stacks.remove(stackOf(node).id);
        if (&node == m_standalone)
            m_standalone = nullptr;
        break;
    case StackNodeKind::Service:
        m_services.remove(serviceOf(node).id);
        break;
    case StackNodeKind::Container:
        m_containers.remove(containerOf(node).id);
        break;
    case StackNodeKind::Root:
        break;
    }
}

void StackTreeModel::nodeChanged(Node &node)
{
    if (node.isAttached)
        m_changed.push_back(&node);
}

void StackTreeModel::reportChanged()
{
    Nodes changed = std::exchange(m_changed, {});
    for (Node *node : changed) {
        if (isFiltering())
            setMatch(*node, matches(*node));
        checkOrder(*node);
    }
    std::erase_if(changed, [](const Node *node) { return !node->isShown(); });
    std::sort(changed.begin(), changed.end(), [](const Node *a, const Node *b) {
        return a->parent != b->parent ? std::less<>()(a->parent, b->parent) : a->row < b->row;
    });
    changed.erase(std::unique(changed.begin(), changed.end()), changed.end());
    for (std::size_t from = 0; from < changed.size();) {
        std::size_t to = from + 1;
        while (to < changed.size() && changed[to]->parent == changed[from]->parent
            && changed[to]->row == changed[to - 1]->row + 1)
            ++to;
        Q_EMIT dataChanged(
            indexOfNode(changed[from]), indexOfNode(changed[to - 1], ColumnCount - 1));
        from = to;
    }
}

} // namespace faultline::models
