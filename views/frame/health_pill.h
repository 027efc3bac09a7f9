// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/feed.h"
#include "views/theme/theme.h"
#include "views/widgets/fact_list.h"

#include <QAbstractButton>

namespace faultline::views {

/// One connection's freshness in the top bar: dot, name, words. Click: details and "Retry now".
class HealthPill : public QAbstractButton
{
    Q_OBJECT

public:
    HealthPill(const Theme &theme, const QString &name, QWidget *parent = nullptr);

    void setHealth(const domain::FeedHealth &health);
    [[nodiscard]] const domain::FeedHealth &health() const { return m_health; }
    [[nodiscard]] QString words() const;
    /// The certificate of this connection is accepted by its fingerprint, unverified: said in the
    /// pill's words as long as that is so. Empty: it is verified.
    void setAcceptedCertificate(const QString &fingerprint);
    /// What the details say; see healthFacts().
    [[nodiscard]] QList<Fact> facts() const;
    [[nodiscard]] const QString &name() const { return m_name; }

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

Q_SIGNALS:
    void retryRequested();
    void healthChanged();

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    void showDetails();

    const Theme &m_theme;
    QString m_name;
    domain::FeedHealth m_health;
    QString m_acceptedCertificate;
};

} // namespace faultline::views
