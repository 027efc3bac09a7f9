// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/stack_path.h"

#include "app/ctl/text.h"

#include <algorithm>

namespace faultline::ctl {

namespace {

using domain::ErrorKind;

qsizetype editDistance(const QString &a, const QString &b)
{
    QList<qsizetype> row(b.size() + 1);
    for (qsizetype j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (qsizetype i = 1; i <= a.size(); ++i) {
        qsizetype diagonal = std::exchange(row[0], i);
        for (qsizetype j = 1; j <= b.size(); ++j) {
            const qsizetype above = row[j];
            row[j] = std::min(
                { above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1) });
            diagonal = above;
        }
    }
    return row.last();
}

template <typename T>
domain::Result<T> notFound(const QString &sentence, const QString &wanted, const QList<T> &rows)
{
    QString nearest;
    qsizetype distance = std::max<qsizetype>(2, wanted.size() / 3) + 1;
    for (const T &row : rows) {
        if (const qsizetype own = editDistance(wanted.left(64), row.name.left(64));
            own < distance) {
            distance = own;
            nearest = row.name;
        }
    }
    if (nearest.isEmpty())
        return domain::failure(ErrorKind::NotFound, sentence);
    return domain::failure(ErrorKind::NotFound,
        sentence + QStringLiteral(" ") + Text::tr("Did you mean \"%1\"?").arg(nearest));
}

template <typename T>
const T *byNameOrId(const QList<T> &rows, const QString &nameOrId)
{
    const auto named = std::find_if(
        rows.begin(), rows.end(), [&](const T &row) { return row.name == nameOrId; });
    if (named != rows.end())
        return &*named;
    const auto known = std::find_if(
        rows.begin(), rows.end(), [&](const T &row) { return row.id.value() == nameOrId; });
    return known == rows.end() ? nullptr : &*known;
}

} // namespace

domain::Result<StackPath> StackPath::parse(const QString &text)
{
    const QStringList parts = text.split(u'/');
    if (parts.size() > 3 || parts.contains(QString())) {
        return domain::failure(ErrorKind::Invalid,
            Text::tr("\"%1\" is not STACK, STACK/SERVICE or STACK/SERVICE/CONTAINER.").arg(text));
    }
    return StackPath{ parts.value(0), parts.value(1), parts.value(2) };
}

domain::Result<domain::Stack> findStack(const StackBook &book, const QString &nameOrId)
{
    const QList<domain::Stack> stacks = book.stacks();
    if (const domain::Stack *found = byNameOrId(stacks, nameOrId))
        return *found;
    return notFound(Text::tr("There is no stack \"%1\".").arg(nameOrId), nameOrId, stacks);
}

domain::Result<domain::Service> findService(
    const StackBook &book, const domain::Stack &stack, const QString &nameOrId)
{
    const QList<domain::Service> services = book.servicesOf(stack.id);
    if (const domain::Service *found = byNameOrId(services, nameOrId))
        return *found;
    return notFound(
        Text::tr("There is no service \"%1\" in the stack \"%2\".").arg(nameOrId, stack.name),
        nameOrId, services);
}

domain::Result<domain::Container> findContainer(
    const StackBook &book, const domain::Stack &stack, const QString &nameOrId)
{
    const QList<domain::Container> containers = book.containersOf(stack.id);
    if (const domain::Container *found = byNameOrId(containers, nameOrId))
        return *found;
    if (const domain::Container *found = byNameOrId(containers, stack.name + u'-' + nameOrId))
        return *found;
    return notFound(
        Text::tr("There is no container \"%1\" in the stack \"%2\".").arg(nameOrId, stack.name),
        nameOrId, containers);
}

domain::Result<domain::Container> findContainer(const StackBook &book, const QString &text)
{
    const auto path = StackPath::parse(text);
    if (!path)
        return domain::failure(path.error());
    if (path->service.isEmpty()) {
        if (const domain::Container *found = book.container(domain::ContainerId(text));
            found && !isGone(found->life))
            return *found;
        return domain::failure(ErrorKind::NotFound,
            Text::tr("There is no container with the id \"%1\"; a name needs its stack: "
                     "STACK/CONTAINER.")
                .arg(text));
    }
    const auto stack = findStack(book, path->stack);
    if (!stack)
        return domain::failure(stack.error());
    return findContainer(book, *stack, path->container.isEmpty() ? path->service : path->container);
}

} // namespace faultline::ctl
