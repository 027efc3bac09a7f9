// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QTimer>

namespace faultline::views {

class FactList;
class HealthPill;

/// The details of a health pill; follows the pill while it is open.
class HealthPopup : public QFrame
{
    Q_OBJECT

public:
    explicit HealthPopup(HealthPill &pill);

    void showBelow(const QWidget &anchor);

private:
    void refresh();
    void fitHeight();

    HealthPill &m_pill;
    FactList *m_facts;
    QTimer m_countdown;
};

} // namespace faultline::views
