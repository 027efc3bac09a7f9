// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/stack.h"

#include <memory>
#include <vector>

namespace faultline::models {

enum class StackNodeKind { Root, Stack, Service, Container };

/// A row of the stack tree. Its address is stable while it exists. Children are in `rows` (shown,
/// in order) or in `hidden` (the filter hides them, no order).
struct StackTreeNode
{
    explicit StackTreeNode(StackNodeKind nodeKind)
        : kind(nodeKind)
    {
    }
    virtual ~StackTreeNode() = default;
    StackTreeNode(const StackTreeNode &) = delete;
    StackTreeNode &operator=(const StackTreeNode &) = delete;

    StackTreeNode *parent = nullptr;
    std::vector<std::unique_ptr<StackTreeNode>> rows;
    std::vector<std::unique_ptr<StackTreeNode>> hidden;
    int row = -1; ///< place in the parent's `rows`; -1 while hidden or not in the tree yet
    int matchesBelow = 0; ///< descendants that match the filter themselves
    StackNodeKind kind;
    bool isAttached = false; ///< false while its subtree is being built
    bool isMatch = false; ///< matches the filter itself
    bool isUnsorted = false; ///< its rows wait for the next sort
    bool isUnsortedBelow = false;

    /// True when it and all its ancestors are shown.
    [[nodiscard]] bool isShown() const
    {
        const StackTreeNode *node = this;
        while (node->kind != StackNodeKind::Root && node->row >= 0)
            node = node->parent;
        return node->kind == StackNodeKind::Root;
    }

    void renumber(std::size_t from)
    {
        for (std::size_t i = from; i < rows.size(); ++i)
            rows[i]->row = static_cast<int>(i);
    }
};

struct StackNode : StackTreeNode
{
    explicit StackNode(domain::Stack stack)
        : StackTreeNode(StackNodeKind::Stack)
        , value(std::move(stack))
    {
    }
    domain::Stack value;
};

struct ServiceNode : StackTreeNode
{
    explicit ServiceNode(domain::Service service)
        : StackTreeNode(StackNodeKind::Service)
        , value(std::move(service))
    {
    }
    domain::Service value;
};

struct ContainerNode : StackTreeNode
{
    explicit ContainerNode(domain::Container container)
        : StackTreeNode(StackNodeKind::Container)
        , value(std::move(container))
    {
    }
    domain::Container value;
};

[[nodiscard]] inline const domain::Stack &stackOf(const StackTreeNode &node)
{
    return static_cast<const StackNode &>(node).value;
}
[[nodiscard]] inline const domain::Service &serviceOf(const StackTreeNode &node)
{
    return static_cast<const ServiceNode &>(node).value;
}
[[nodiscard]] inline const domain::Container &containerOf(const StackTreeNode &node)
{
    return static_cast<const ContainerNode &>(node).value;
}
[[nodiscard]] const domain::Lifecycle &lifeOf(const StackTreeNode &node);
[[nodiscard]] const QString &nameOf(const StackTreeNode &node);
[[nodiscard]] const QString &idOf(const StackTreeNode &node);

} // namespace faultline::models
