// SPDX-License-Identifier: GPL-3.0-or-later
// Order and filter of StackTreeModel.
#include "models/natural_order.h"
#include "models/stack_match_cache.h"
#include "models/stack_tree_model.h"

#include <QTimerEvent>

#include <algorithm>

namespace faultline::models {

namespace {

constexpr int batchIntervalMs = 120;
constexpr int fewStacks = 8;

int threeWay(qint64 a, qint64 b)
{
    return a < b ? -1 : (b < a ? 1 : 0);
}

int portOf(const domain::Container &container)
{
    return container.ports.isEmpty() ? 0 : container.ports.first().hostPort;
}

const QString &imageOf(const StackTreeNode &node)
{
    static const QString none;
    switch (node.kind) {
    case StackNodeKind::Service:
        return serviceOf(node).image;
    case StackNodeKind::Container:
        return containerOf(node).image;
    default:
        return none;
    }
}

} // namespace

/// Between construction and destruction rows may be reordered, shown and hidden; persistent indexes
/// follow their nodes, and those of hidden nodes become invalid.
class StackTreeModel::LayoutChange
{
public:
    LayoutChange(StackTreeModel &model, QAbstractItemModel::LayoutChangeHint hint)
        : m_model(model)
        , m_hint(hint)
    {
        Q_EMIT m_model.layoutAboutToBeChanged({}, hint);
        m_before = m_model.persistentIndexList();
    }
    ~LayoutChange()
    {
        // Most rows stay where they are, and telling so costs as much as a move.
        QModelIndexList before;
        QModelIndexList after;
        for (const QModelIndex &index : std::as_const(m_before)) {
            const Node *node = m_model.nodeAt(index);
            const bool isShown = node->isShown();
            if (isShown && node->row == index.row())
                continue;
            before.append(index);
            after.append(isShown ? m_model.indexOfNode(node, index.column()) : QModelIndex());
        }
        m_model.changePersistentIndexList(before, after);
        Q_EMIT m_model.layoutChanged({}, m_hint);
    }
    LayoutChange(const LayoutChange &) = delete;
    LayoutChange &operator=(const LayoutChange &) = delete;

private:
    StackTreeModel &m_model;
    QAbstractItemModel::LayoutChangeHint m_hint;
    QModelIndexList m_before;
};

bool StackTreeModel::before(const Node &a, const Node &b) const
{
    if (&a == m_standalone || &b == m_standalone)
        return &b == m_standalone && &a != m_standalone ? true : false;
    int order = 0;
    if (m_sortColumn != NameColumn && a.kind == b.kind)
        order = beforeByColumn(a, b);
    if (order == 0) {
        if (a.kind != b.kind)
            return a.kind < b.kind; // services before containers that stand under their stack
        order = compareNaturally(nameOf(a), nameOf(b));
        if (m_sortColumn != NameColumn && order != 0)
            return order < 0;
    }
    if (order != 0)
        return m_sortOrder == Qt::AscendingOrder ? order < 0 : order > 0;
    return idOf(a) < idOf(b);
}

int StackTreeModel::beforeByColumn(const Node &a, const Node &b) const
{
    switch (m_sortColumn) {
    case StateColumn: {
        if (lifeOf(a).state == lifeOf(b).state && lifeOf(a).health == lifeOf(b).health
            && lifeOf(a).transitioning == lifeOf(b).transitioning)
            return 0; // no need to put words together
        const int tones = threeWay(static_cast<int>(domain::toneOf(lifeOf(a))),
            static_cast<int>(domain::toneOf(lifeOf(b))));
        return tones != 0 ? tones
                          : domain::shownState(lifeOf(a)).compare(domain::shownState(lifeOf(b)));
    }
    case ImageColumn:
        return compareNaturally(imageOf(a), imageOf(b));
    case AgeColumn:
        return lifeOf(b).created == lifeOf(a).created
            ? 0
            : (lifeOf(b).created < lifeOf(a).created ? -1 : 1);
    case ScaleColumn:
        return a.kind == StackNodeKind::Service ? threeWay(serviceOf(a).scale, serviceOf(b).scale)
                                                : 0;
    case HostColumn:
        return a.kind == StackNodeKind::Container
            ? compareNaturally(hostName(containerOf(a).hostId), hostName(containerOf(b).hostId))
            : 0;
    case PortsColumn:
        return a.kind == StackNodeKind::Container
            ? threeWay(portOf(containerOf(a)), portOf(containerOf(b)))
            : 0;
    default:
        return 0;
    }
}

void StackTreeModel::sortRows(Node &node) const
{
    const auto less = [this](const NodePointer &a, const NodePointer &b) { return before(*a, *b); };
    if (!std::is_sorted(node.rows.begin(), node.rows.end(), less))
        std::sort(node.rows.begin(), node.rows.end(), less);
    node.renumber(0);
    node.isUnsorted = false;
}

void StackTreeModel::sortDeep(Node &node) const
{
    sortRows(node);
    node.isUnsortedBelow = false;
    for (const NodePointer &child : node.rows)
        sortDeep(*child);
    for (const NodePointer &child : node.hidden)
        sortDeep(*child);
}

void StackTreeModel::sort(int column, Qt::SortOrder order)
{
    if (column < 0 || column >= ColumnCount || (column == m_sortColumn && order == m_sortOrder))
        return;
    const LayoutChange change(*this, QAbstractItemModel::VerticalSortHint);
    m_sortColumn = column;
    m_sortOrder = order;
    sortDeep(*m_root);
}

/// Marks the parent when the node no longer stands between its neighbours; the rows move with the
/// next timer.
void StackTreeModel::checkOrder(Node &node)
{
    if (node.row < 0)
        return;
    const auto &rows = node.parent->rows;
    const auto row = static_cast<std::size_t>(node.row);
    const bool fits = (row == 0 || before(*rows[row - 1], node))
        && (row + 1 == rows.size() || before(node, *rows[row + 1]));
    if (fits || node.parent->isUnsorted)
        return;
    node.parent->isUnsorted = true;
    for (Node *above = node.parent->parent; above != nullptr; above = above->parent)
        above->isUnsortedBelow = true;
    if (!m_batchTimer.isActive())
        m_batchTimer.start(batchIntervalMs, this);
}

void StackTreeModel::timerEvent(QTimerEvent *event)
{
    if (event->timerId() != m_batchTimer.timerId())
        return;
    m_batchTimer.stop();
    const bool filters = !m_toReconcile.isEmpty();
    m_toReconcile.clear();
    const LayoutChange change(*this,
        filters ? QAbstractItemModel::NoLayoutChangeHint : QAbstractItemModel::VerticalSortHint);
    sortWaiting(*m_root);
    if (filters)
        partitionDeep(*m_root, false);
}

void StackTreeModel::sortWaiting(Node &node)
{
    if (node.isUnsorted)
        sortRows(node);
    if (!node.isUnsortedBelow)
        return;
    node.isUnsortedBelow = false;
    for (const NodePointer &child : node.rows)
        sortWaiting(*child);
    for (const NodePointer &child : node.hidden)
        sortWaiting(*child);
}

bool StackTreeModel::matches(const Node &node, MatchCache *cache) const
{
    if (&node == m_standalone)
        return false;
    for (std::size_t i = 0; i < m_words.size(); ++i) {
        const TextMatch &word = m_words[i];
        const bool holds = word.isIn(nameOf(node))
            || (cache != nullptr ? cache->imageHolds(word, i, imageOf(node))
                                 : word.isIn(imageOf(node)))
            || (cache != nullptr ? cache->stateHolds(word, i, lifeOf(node))
                                 : word.isIn(domain::shownState(lifeOf(node))))
            || idOf(node) == word.word()
            || (node.kind == StackNodeKind::Container
                && word.isIn(hostName(containerOf(node).hostId)));
        if (!holds)
            return false;
    }
    return true;
}

void StackTreeModel::setFilter(const QString &text)
{
    std::vector<TextMatch> words;
    for (const QString &word : text.split(QLatin1Char(' '), Qt::SkipEmptyParts))
        words.emplace_back(word);
    const auto same = [](const TextMatch &a, const TextMatch &b) { return a.word() == b.word(); };
    if (std::equal(words.begin(), words.end(), m_words.begin(), m_words.end(), same))
        return;
    const LayoutChange change(*this, QAbstractItemModel::NoLayoutChangeHint);
    m_words = std::move(words);
    m_toReconcile.clear();
    MatchCache cache(m_words.size());
    m_root->matchesBelow = 0;
    for (auto *list : { &m_root->rows, &m_root->hidden }) {
        for (const NodePointer &node : *list)
            m_root->matchesBelow += matchDeep(*node, &cache);
    }
    partitionDeep(*m_root, false);
}

/// Matches the subtree anew; answers how many of it match. Below a match nothing needs to be looked
/// at: it is shown.
int StackTreeModel::matchDeep(Node &node, MatchCache *cache)
{
    node.isMatch = isFiltering() && node.kind != StackNodeKind::Root && matches(node, cache);
    node.matchesBelow = 0;
    for (const auto *list : { &node.rows, &node.hidden }) {
        for (const NodePointer &child : *list)
            node.matchesBelow += matchDeep(*child, cache);
    }
    return node.matchesBelow + (node.isMatch ? 1 : 0);
}

bool StackTreeModel::wants(const Node &node, bool ancestorMatches) const
{
    return !isFiltering() || ancestorMatches || node.isMatch || node.matchesBelow > 0;
}

/// Shows and hides rows without telling anybody; only inside a LayoutChange or a reset.
void StackTreeModel::partitionDeep(Node &node, bool ancestorMatches)
{
    const bool inside = ancestorMatches || node.isMatch;
    const auto wanted = [&](const NodePointer &child) { return wants(*child, inside); };
    const auto less = [this](const NodePointer &a, const NodePointer &b) { return before(*a, *b); };
    const auto newlyHidden = std::stable_partition(node.rows.begin(), node.rows.end(), wanted);
    const auto newlyShown = std::partition(node.hidden.begin(), node.hidden.end(),
        [&](const NodePointer &child) { return !wanted(child); });
    if (newlyHidden != node.rows.end() || newlyShown != node.hidden.end()) {
        std::vector<NodePointer> shown(
            std::make_move_iterator(newlyShown), std::make_move_iterator(node.hidden.end()));
        node.hidden.erase(newlyShown, node.hidden.end());
        for (auto child = newlyHidden; child != node.rows.end(); ++child) {
            (*child)->row = -1;
            node.hidden.push_back(std::move(*child));
        }
        node.rows.erase(newlyHidden, node.rows.end());
        std::sort(shown.begin(), shown.end(), less);
        const auto middle = static_cast<std::ptrdiff_t>(node.rows.size());
        node.rows.insert(node.rows.end(), std::make_move_iterator(shown.begin()),
            std::make_move_iterator(shown.end()));
        std::inplace_merge(node.rows.begin(), node.rows.begin() + middle, node.rows.end(), less);
    }
    node.renumber(0);
    for (const NodePointer &child : node.rows)
        partitionDeep(*child, inside);
}

StackTreeModel::Node *StackTreeModel::topOf(Node &node)
{
    Node *top = &node;
    while (top->parent->kind != StackNodeKind::Root)
        top = top->parent;
    return top;
}

void StackTreeModel::setMatch(Node &node, bool isMatch)
{
    if (node.isMatch == isMatch)
        return;
    node.isMatch = isMatch;
    for (Node *above = node.parent; above != nullptr; above = above->parent)
        above->matchesBelow += isMatch ? 1 : -1;
    m_toReconcile.insert(topOf(node));
}

/// A few rows that appear or vanish are told one by one, many together and a little later.
void StackTreeModel::reconcileWaiting()
{
    if (!isFiltering())
        m_toReconcile.clear();
    if (m_toReconcile.size() > fewStacks) {
        if (!m_batchTimer.isActive())
            m_batchTimer.start(batchIntervalMs, this);
        return;
    }
    for (Node *stack : std::exchange(m_toReconcile, {}))
        reconcile(*stack, false, true);
}

/// Brings a subtree to what the filter wants, with signals where its parent is shown. A subtree
/// that appears is completed before its row is inserted; one that disappears is left as it is.
void StackTreeModel::reconcile(Node &node, bool ancestorMatches, bool parentShown)
{
    const bool wanted = wants(node, ancestorMatches);
    const bool isIn = node.row >= 0;
    if (isIn && !wanted) {
        hideRow(node, parentShown);
        return;
    }
    if (!wanted)
        return;
    Nodes children;
    for (const auto *list : { &node.rows, &node.hidden }) {
        for (const NodePointer &child : *list)
            children.push_back(child.get());
    }
    for (Node *child : children)
        reconcile(*child, ancestorMatches || node.isMatch, parentShown && isIn);
    if (!isIn)
        showRow(node, parentShown);
}

void StackTreeModel::showRow(Node &node, bool signal)
{
    Node &parent = *node.parent;
    const auto less = [this](const NodePointer &a, const NodePointer &b) { return before(*a, *b); };
    const auto held = std::find_if(parent.hidden.begin(), parent.hidden.end(),
        [&](const NodePointer &child) { return child.get() == &node; });
    const auto place = std::lower_bound(parent.rows.begin(), parent.rows.end(), *held, less);
    const auto row = static_cast<int>(place - parent.rows.begin());
    if (signal)
        beginInsertRows(indexOfNode(&parent), row, row);
    parent.rows.insert(place, std::move(*held));
    parent.hidden.erase(held);
    parent.renumber(static_cast<std::size_t>(row));
    if (signal)
        endInsertRows();
}

void StackTreeModel::hideRow(Node &node, bool signal)
{
    Node &parent = *node.parent;
    const int row = node.row;
    if (signal)
        beginRemoveRows(indexOfNode(&parent), row, row);
    const auto place = parent.rows.begin() + row;
    parent.hidden.push_back(std::move(*place));
    parent.rows.erase(place);
    node.row = -1;
    parent.renumber(static_cast<std::size_t>(row));
    if (signal)
        endRemoveRows();
}

} // namespace faultline::models
