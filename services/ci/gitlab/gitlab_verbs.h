// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/ci/gitlab/gitlab_client.h"

#include <QJsonObject>

namespace faultline::ci::gitlab {

/// What the classes of verbs have in common: requests to one project and their answers as values.
class GitLabVerbs
{
public:
    explicit GitLabVerbs(std::shared_ptr<GitLabClient> client)
        : m_client(std::move(client))
    {
    }

protected:
    template <typename T>
    using Parse = domain::Result<T> (*)(const QByteArray &, const QString &);

    [[nodiscard]] GitLabClient &client() const { return *m_client; }
    [[nodiscard]] QString inProject(const QString &rest) const { return m_client->inProject(rest); }

    /// A request to any path of the API with a JSON body (none when it is empty).
    [[nodiscard]] net::Call raw(const QByteArray &method, const QString &path,
        const QJsonObject &body, domain::Done<QByteArray> done) const;
    /// The same, for its effect only.
    [[nodiscard]] net::Call effect(const QByteArray &method, const QString &path,
        const QJsonObject &body, domain::Done<void> done) const;
    template <typename T>
    [[nodiscard]] net::Call value(const QByteArray &method, const QString &path,
        const QJsonObject &body, Parse<T> parse, domain::Done<T> done) const
    {
        return raw(method, path, body,
            [parse, where = shownRequest(method.constData(), path), done = std::move(done)](
                domain::Result<QByteArray> answer) {
                if (answer)
                    done(parse(*answer, where));
                else
                    done(domain::failure(std::move(answer.error())));
            });
    }

private:
    std::shared_ptr<GitLabClient> m_client;
};

/// A segment of a path, or a value of a query.
[[nodiscard]] QString encoded(const QString &text);

} // namespace faultline::ci::gitlab
