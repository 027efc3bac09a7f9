// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/stack_tree_model.h"
#include "services/net/call.h"
#include "services/session/session.h"

#include <QObject>

#include <optional>
#include <vector>

namespace faultline::views {

enum class StackVerb { Start, Stop, Restart, Remove };

/// What a person does to a stack, a service or a container. Each answer is told by one signal.
class StackActions : public QObject
{
    Q_OBJECT

public:
    /// One row, held by id: the row may move or go while a question is open.
    struct Target
    {
        models::StackNodeKind kind = models::StackNodeKind::Root;
        QString id;
        QString name;
        bool isScene
            = false; ///< a stack that was kept for people: removing it needs its name typed

        [[nodiscard]] bool isEmpty() const { return id.isEmpty(); }
    };

    StackActions(
        session::Session &session, const models::StackTreeModel &model, QObject *parent = nullptr);

    [[nodiscard]] Target targetAt(const QModelIndex &index) const;
    /// True when this kind of row knows the verb at all.
    [[nodiscard]] static bool knows(models::StackNodeKind kind, StackVerb verb);
    /// Why the verb can't be done now; nothing when the server offers it.
    [[nodiscard]] QString obstacle(const QModelIndex &index, StackVerb verb) const;
    [[nodiscard]] QString scaleObstacle(const QModelIndex &index) const;
    /// "stack kv-crud", for questions and notices.
    [[nodiscard]] static QString nameOf(const Target &target);
    [[nodiscard]] static QString wordFor(StackVerb verb);

    /// Does it without asking; the page asks.
    void run(const Target &target, StackVerb verb);
    void scale(const Target &service, int scale);

Q_SIGNALS:
    void done(const QString &notice);
    void failed(const faultline::domain::Error &error);

private:
    template <typename T>
    void send(std::function<net::Call(stacks::StackBackend &, domain::Done<T>)> verb,
        const QString &notice);
    void runOnStack(const Target &target, StackVerb verb, const QString &notice);
    void runOnService(const Target &target, StackVerb verb, const QString &notice);
    void runOnContainer(const Target &target, StackVerb verb, const QString &notice);

    session::Session &m_session;
    const models::StackTreeModel &m_model;
    std::vector<net::Call> m_calls;
};

} // namespace faultline::views
