// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "services/domain/feed.h"
#include "views/widgets/plain_label.h"

namespace faultline::views {

/// Stands beside a page's count while its rows are only the last known ones, and says of when they
/// are; hidden while they are right.
class StaleNote : public PlainLabel
{
    Q_OBJECT

public:
    explicit StaleNote(QWidget *parent = nullptr);

    void setHealth(const domain::FeedHealth &health);
};

} // namespace faultline::views
