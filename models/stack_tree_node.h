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

/// A value that is either borrowed from a snapshot that the model keeps, or a copy of its own.
template <typename T>
class HeldValue
{
public:
    HeldValue(const T &value, bool isBorrowed)
        : m_own(isBorrowed ? nullptr : std::make_unique<T>(value))
        , m_value(isBorrowed ? &value : m_own.get())
    {
    }
    [[nodiscard]] const T &get() const { return *m_value; }
    void set(const T &value)
    {
        m_own = std::make_unique<T>(value);
        m_value = m_own.get();
    }

private:
    std::unique_ptr<T> m_own;
    const T *m_value;
};

struct StackNode : StackTreeNode
{
    StackNode(const domain::Stack &stack, bool isBorrowed)
        : StackTreeNode(StackNodeKind::Stack)
        , value(stack, isBorrowed)
    {
    }
    HeldValue<domain::Stack> value;
};

struct ServiceNode : StackTreeNode
{
    ServiceNode(const domain::Service &service, bool isBorrowed)
        : StackTreeNode(StackNodeKind::Service)
        , value(service, isBorrowed)
    {
    }
    HeldValue<domain::Service> value;
};

struct ContainerNode : StackTreeNode
{
    ContainerNode(const domain::Container &container, bool isBorrowed)
        : StackTreeNode(StackNodeKind::Container)
        , value(container, isBorrowed)
    {
    }
    HeldValue<domain::Container> value;
};

[[nodiscard]] inline const domain::Stack &stackOf(const StackTreeNode &node)
{
    return static_cast<const StackNode &>(node).value.get();
}
[[nodiscard]] inline const domain::Service &serviceOf(const StackTreeNode &node)
{
    return static_cast<const ServiceNode &>(node).value.get();
}
[[nodiscard]] inline const domain::Container &containerOf(const StackTreeNode &node)
{
    return static_cast<const ContainerNode &>(node).value.get();
}
[[nodiscard]] const domain::Lifecycle &lifeOf(const StackTreeNode &node);
[[nodiscard]] const QString &nameOf(const StackTreeNode &node);
[[nodiscard]] const QString &idOf(const StackTreeNode &node);

} // namespace faultline::models
