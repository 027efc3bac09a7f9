// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/stack_tree_node.h"
#include "models/text_match.h"
#include "services/stacks/stack_backend.h"

#include <QAbstractItemModel>
#include <QBasicTimer>
#include <QHash>
#include <QSet>

#include <functional>

namespace faultline::models {

/// Stacks as a tree of three levels: stack > service > container, fed by stacks::StackDelta.
/// Containers without a service stand under their stack; those without a stack under a row of their
/// own. It sorts and filters itself: applying a delta costs O(changed rows), and rows that a change
/// moves in the sort order are moved together, at most four times a second. UI thread.
class StackTreeModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column {
        NameColumn,
        StateColumn,
        ImageColumn,
        HostColumn,
        PortsColumn,
        ScaleColumn,
        AgeColumn,
        ColumnCount
    };
    enum Role {
        KindRole = Qt::UserRole + 1, ///< StackNodeKind as int
        ToneRole, ///< domain::Tone as int
        MessageRole, ///< the server's transitioning message, may be empty
        IdRole, ///< the server's id
    };
    using Clock = std::function<QDateTime()>; ///< UTC

    explicit StackTreeModel(Clock clock = {}, QObject *parent = nullptr);
    ~StackTreeModel() override;

    /// Takes over one batch by the smallest signals; a snapshot that shares no stack with what is
    /// shown resets.
    void apply(const stacks::StackDelta &delta);

    /// Shows what holds every word of `text` in its name, image, host, state or id, its ancestors,
    /// and everything below it. Empty shows all. Nothing is reset: selection and expansion of what
    /// stays are kept.
    void setFilter(const QString &text);
    [[nodiscard]] bool isFiltering() const { return !m_words.empty(); }
    /// Rows that match the filter themselves; 0 while there is none.
    [[nodiscard]] int matchCount() const { return m_root->matchesBelow; }

    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

    [[nodiscard]] StackNodeKind kind(const QModelIndex &index) const;
    /// The value behind a row; null when the row is of another kind. Valid until the next apply().
    [[nodiscard]] const domain::Stack *stack(const QModelIndex &index) const;
    [[nodiscard]] const domain::Service *service(const QModelIndex &index) const;
    [[nodiscard]] const domain::Container *container(const QModelIndex &index) const;
    [[nodiscard]] const domain::Lifecycle *life(const QModelIndex &index) const;
    [[nodiscard]] const domain::Host *host(const domain::HostId &id) const;
    /// Invalid when there is none or the filter hides it.
    [[nodiscard]] QModelIndex indexOf(const domain::StackId &id) const;
    [[nodiscard]] QModelIndex indexOf(const domain::ServiceId &id) const;
    [[nodiscard]] QModelIndex indexOf(const domain::ContainerId &id) const;
    /// True when a container of this stack has the label (a scene: `faultline.scene`).
    [[nodiscard]] bool hasLabel(const domain::StackId &id, const QString &label) const;
    /// A label of this row, else of any row of its stack; empty when there is none.
    [[nodiscard]] QString labelOf(const QModelIndex &index, const QString &label) const;
    [[nodiscard]] int stackCount() const { return static_cast<int>(m_stacks.size()); }
    [[nodiscard]] int serviceCount() const { return static_cast<int>(m_services.size()); }
    [[nodiscard]] int containerCount() const { return static_cast<int>(m_containers.size()); }
    struct Content
    {
        int services = 0;
        int containers = 0;
    };
    /// What a stack's row has below it, shown or hidden by the filter.
    [[nodiscard]] Content contentOf(const QModelIndex &stack) const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    bool hasChildren(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

protected:
    void timerEvent(QTimerEvent *event) override;

private:
    using Node = StackTreeNode;
    using NodePointer = std::unique_ptr<StackTreeNode>;
    using Nodes = std::vector<Node *>;
    class LayoutChange;

    // Applying
    void replaceAll(const stacks::StackDelta &delta);
    void hold(const stacks::StackDelta &delta);
    [[nodiscard]] bool isEmpty() const { return m_root->rows.empty() && m_root->hidden.empty(); }
    bool sharesStack(const stacks::StackDelta &delta) const;
    void removeAbsent(const stacks::StackDelta &delta);
    void removeListed(const stacks::StackDelta &delta);
    void upsertAll(const stacks::StackDelta &delta);
    void applyHosts(const stacks::HostBatch &batch);
    void upsertStack(const domain::Stack &stack);
    void upsertService(const domain::Service &service);
    void upsertContainer(const domain::Container &container);
    Node *parentFor(const domain::Container &container);
    Node &standaloneNode();
    void addFresh(NodePointer node, Node &parent);
    void attachOrphans();
    void insertFresh();
    void insertGroup(Node &parent, std::vector<NodePointer> group);
    void prepare(Node &node);
    void removeNodes(Nodes nodes);
    void removeRange(Node &parent, int first, int last);
    void dropEmptyStandalone();
    void forget(const Node &node);
    void nodeChanged(Node &node);
    void reportChanged();

    // Order and filter
    bool before(const Node &a, const Node &b) const;
    int beforeByColumn(const Node &a, const Node &b) const;
    void sortRows(Node &node) const;
    void sortDeep(Node &node) const;
    void checkOrder(Node &node);
    void sortWaiting(Node &node);
    struct MatchCache;
    bool matches(const Node &node, MatchCache *cache = nullptr) const;
    bool wants(const Node &node, bool ancestorMatches) const;
    static Node *topOf(Node &node);
    void setMatch(Node &node, bool isMatch);
    int matchDeep(Node &node, MatchCache *cache = nullptr);
    void partitionDeep(Node &node, bool ancestorMatches);
    void reconcile(Node &node, bool ancestorMatches, bool parentShown);
    void reconcileWaiting();
    void showRow(Node &node, bool signal);
    void hideRow(Node &node, bool signal);

    // Rows
    Node *nodeAt(const QModelIndex &index) const;
    QModelIndex indexOfNode(const Node *node, int column = 0) const;
    QString displayText(const Node &node, int column) const;
    QString toolTip(const Node &node, int column) const;
    static QString scaleText(const domain::Service &service);
    static QString labelBelow(const Node &node, const QString &label);
    QModelIndex shownIndex(const Node *node) const;
    QString hostName(const domain::HostId &id) const;

    Clock m_clock;
    stacks::StackDelta m_held; // nodes borrow values from it: never changed while they live
    bool m_borrows = false; // new nodes borrow from m_held
    std::unique_ptr<Node> m_root;
    QHash<domain::StackId, StackNode *> m_stacks;
    QHash<domain::ServiceId, ServiceNode *> m_services;
    QHash<domain::ContainerId, ContainerNode *> m_containers;
    QHash<domain::HostId, domain::Host> m_hosts;
    QHash<domain::ServiceId, domain::Service> m_orphanServices; // their stack is not known yet
    QHash<domain::ContainerId, domain::Container> m_orphanContainers;
    StackNode *m_standalone = nullptr; // of containers without a stack
    std::vector<std::pair<Node *, NodePointer>> m_fresh; // parent in the tree, new subtree
    Nodes m_changed; // in the tree; told to views at the end of apply()
    QSet<Node *> m_toReconcile; // stacks whose matches changed
    std::vector<TextMatch> m_words;
    int m_sortColumn = NameColumn;
    Qt::SortOrder m_sortOrder = Qt::AscendingOrder;
    QBasicTimer m_batchTimer; // rows that move, appear or vanish together
};

} // namespace faultline::models
