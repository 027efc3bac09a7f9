// SPDX-License-Identifier: GPL-3.0-or-later
// What StackTreeModel answers to views: indexes, roles and texts.
#include "models/age_words.h"
#include "models/stack_tree_model.h"

namespace faultline::models {

namespace {

// Views hash persistent indexes by row * 16 + internal id, so ids must differ in more than their
// low bits: the address is multiplied by an odd constant, which its inverse undoes.
static_assert(sizeof(quintptr) == 8);
constexpr quintptr spread = 0x9E3779B97F4A7C15U;
constexpr quintptr gather = 0xF1DE83E19937733DU;
static_assert(spread * gather == 1);

quintptr idFor(const StackTreeNode *node)
{
    return (reinterpret_cast<quintptr>(node) >> 4U) * spread;
}

StackTreeNode *nodeFor(quintptr id)
{
    return reinterpret_cast<StackTreeNode *>((id * gather) << 4U);
}

QString portText(const domain::PortBinding &port)
{
    const QString inside = QString::number(port.containerPort);
    const QString suffix = port.protocol.isEmpty() || port.protocol == QLatin1StringView("tcp")
        ? QString()
        : QLatin1Char('/') + port.protocol;
    return port.hostPort == 0 ? inside + suffix
                              : QStringLiteral("%1→%2%3").arg(port.hostPort).arg(inside, suffix);
}

QString portsText(const QList<domain::PortBinding> &ports)
{
    QStringList out;
    for (const domain::PortBinding &port : ports)
        out.append(portText(port));
    return out.join(QStringLiteral(", "));
}

} // namespace

const domain::Lifecycle &lifeOf(const StackTreeNode &node)
{
    switch (node.kind) {
    case StackNodeKind::Stack:
        return stackOf(node).life;
    case StackNodeKind::Service:
        return serviceOf(node).life;
    default:
        return containerOf(node).life;
    }
}

const QString &nameOf(const StackTreeNode &node)
{
    switch (node.kind) {
    case StackNodeKind::Stack:
        return stackOf(node).name;
    case StackNodeKind::Service:
        return serviceOf(node).name;
    default:
        return containerOf(node).name;
    }
}

const QString &idOf(const StackTreeNode &node)
{
    switch (node.kind) {
    case StackNodeKind::Stack:
        return stackOf(node).id.value();
    case StackNodeKind::Service:
        return serviceOf(node).id.value();
    default:
        return containerOf(node).id.value();
    }
}

StackTreeModel::Node *StackTreeModel::nodeAt(const QModelIndex &index) const
{
    return index.isValid() ? nodeFor(index.internalId()) : m_root.get();
}

QModelIndex StackTreeModel::indexOfNode(const Node *node, int column) const
{
    return node->kind == StackNodeKind::Root ? QModelIndex()
                                             : createIndex(node->row, column, idFor(node));
}

QModelIndex StackTreeModel::index(int row, int column, const QModelIndex &parent) const
{
    const Node *node = nodeAt(parent);
    if (row < 0 || column < 0 || column >= ColumnCount || parent.column() > 0
        || static_cast<std::size_t>(row) >= node->rows.size())
        return {};
    return createIndex(row, column, idFor(node->rows[static_cast<std::size_t>(row)].get()));
}

QModelIndex StackTreeModel::parent(const QModelIndex &index) const
{
    return index.isValid() ? indexOfNode(nodeAt(index)->parent) : QModelIndex();
}

int StackTreeModel::rowCount(const QModelIndex &parent) const
{
    return parent.column() > 0 ? 0 : static_cast<int>(nodeAt(parent)->rows.size());
}

bool StackTreeModel::hasChildren(const QModelIndex &parent) const
{
    return rowCount(parent) > 0;
}

int StackTreeModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

StackNodeKind StackTreeModel::kind(const QModelIndex &index) const
{
    return nodeAt(index)->kind;
}

const domain::Stack *StackTreeModel::stack(const QModelIndex &index) const
{
    const Node *node = nodeAt(index);
    return node->kind == StackNodeKind::Stack && node != m_standalone ? &stackOf(*node) : nullptr;
}

StackTreeModel::Content StackTreeModel::contentOf(const QModelIndex &stack) const
{
    const Node *node = nodeAt(stack);
    Content content;
    for (const auto *children : { &node->rows, &node->hidden }) {
        for (const auto &child : *children) {
            const bool isService = child->kind == StackNodeKind::Service;
            content.services += isService ? 1 : 0;
            content.containers
                += isService ? static_cast<int>(child->rows.size() + child->hidden.size()) : 1;
        }
    }
    return content;
}

const domain::Service *StackTreeModel::service(const QModelIndex &index) const
{
    const Node *node = nodeAt(index);
    return node->kind == StackNodeKind::Service ? &serviceOf(*node) : nullptr;
}

const domain::Container *StackTreeModel::container(const QModelIndex &index) const
{
    const Node *node = nodeAt(index);
    return node->kind == StackNodeKind::Container ? &containerOf(*node) : nullptr;
}

const domain::Lifecycle *StackTreeModel::life(const QModelIndex &index) const
{
    const Node *node = nodeAt(index);
    return node->kind == StackNodeKind::Root || node == m_standalone ? nullptr : &lifeOf(*node);
}

const domain::Host *StackTreeModel::host(const domain::HostId &id) const
{
    const auto found = m_hosts.constFind(id);
    return found == m_hosts.cend() ? nullptr : &*found;
}

QModelIndex StackTreeModel::indexOf(const domain::StackId &id) const
{
    return shownIndex(m_stacks.value(id));
}

QModelIndex StackTreeModel::indexOf(const domain::ServiceId &id) const
{
    return shownIndex(m_services.value(id));
}

QModelIndex StackTreeModel::indexOf(const domain::ContainerId &id) const
{
    return shownIndex(m_containers.value(id));
}

QModelIndex StackTreeModel::shownIndex(const Node *node) const
{
    return node != nullptr && node->isShown() ? indexOfNode(node) : QModelIndex();
}

bool StackTreeModel::hasLabel(const domain::StackId &id, const QString &label) const
{
    const Node *node = m_stacks.value(id);
    return node != nullptr && !labelBelow(*node, label).isNull();
}

QString StackTreeModel::labelOf(const QModelIndex &index, const QString &label) const
{
    const Node *node = nodeAt(index);
    while (node->kind != StackNodeKind::Root && node != m_standalone) {
        if (const QString value = labelBelow(*node, label); !value.isEmpty())
            return value;
        node = node->parent;
    }
    return {};
}

/// Null when no row has it; the first one's value else.
QString StackTreeModel::labelBelow(const Node &node, const QString &label)
{
    QString value;
    if (node.kind == StackNodeKind::Container)
        value = containerOf(node).labels.value(label);
    else if (node.kind == StackNodeKind::Service)
        value = serviceOf(node).labels.value(label);
    for (const auto *list : { &node.rows, &node.hidden }) {
        for (const NodePointer &child : *list) {
            if (!value.isNull())
                return value;
            value = labelBelow(*child, label);
        }
    }
    return value;
}

QVariant StackTreeModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Node &node = *nodeAt(index);
    switch (role) {
    case Qt::DisplayRole:
        return displayText(node, index.column());
    case Qt::ToolTipRole:
        return toolTip(node, index.column());
    case Qt::TextAlignmentRole:
        return index.column() == ScaleColumn || index.column() == AgeColumn
            ? QVariant(Qt::AlignRight | Qt::AlignVCenter)
            : QVariant();
    case KindRole:
        return static_cast<int>(node.kind);
    case ToneRole:
        return static_cast<int>(
            &node == m_standalone ? domain::Tone::Idle : domain::toneOf(lifeOf(node)));
    case MessageRole:
        return lifeOf(node).transitioningMessage;
    case IdRole:
        return idOf(node);
    default:
        return {};
    }
}

QString StackTreeModel::displayText(const Node &node, int column) const
{
    switch (column) {
    case NameColumn:
        return nameOf(node);
    case StateColumn:
        return domain::shownState(lifeOf(node));
    case ImageColumn:
        return node.kind == StackNodeKind::Service  ? serviceOf(node).image
            : node.kind == StackNodeKind::Container ? containerOf(node).image
                                                    : QString();
    case HostColumn:
        return node.kind == StackNodeKind::Container ? hostName(containerOf(node).hostId)
                                                     : QString();
    case PortsColumn:
        return node.kind == StackNodeKind::Container ? portsText(containerOf(node).ports)
                                                     : QString();
    case ScaleColumn:
        return node.kind == StackNodeKind::Service ? scaleText(serviceOf(node)) : QString();
    case AgeColumn:
        return ageWords(lifeOf(node).created, m_clock());
    default:
        return {};
    }
}

QString StackTreeModel::scaleText(const domain::Service &service)
{
    return service.scale == service.currentScale
        ? QString::number(service.scale)
        : QStringLiteral("%1 / %2").arg(service.currentScale).arg(service.scale);
}

QString StackTreeModel::toolTip(const Node &node, int column) const
{
    switch (column) {
    case StateColumn:
        return lifeOf(node).transitioningMessage.toHtmlEscaped();
    case AgeColumn:
        return lifeOf(node).created.isValid()
            ? lifeOf(node).created.toLocalTime().toString(Qt::ISODate)
            : QString();
    default:
        return {};
    }
}

QString StackTreeModel::hostName(const domain::HostId &id) const
{
    const auto found = m_hosts.constFind(id);
    return found == m_hosts.cend() || found->name.isEmpty() ? id.value() : found->name;
}

QVariant StackTreeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool right = section == ScaleColumn || section == AgeColumn;
        return QVariant((right ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case NameColumn:
        return tr("Name");
    case StateColumn:
        return tr("State");
    case ImageColumn:
        return tr("Image");
    case HostColumn:
        return tr("Host");
    case PortsColumn:
        return tr("Ports");
    case ScaleColumn:
        return tr("Scale");
    case AgeColumn:
        return tr("Age");
    default:
        return {};
    }
}

} // namespace faultline::models
