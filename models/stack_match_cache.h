// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/stack_tree_model.h"

namespace faultline::models {

/// What the words found in texts that many rows share; valid while no row changes.
struct StackTreeModel::MatchCache
{
    explicit MatchCache(std::size_t words)
        : images(words)
        , states(words)
    {
    }
    bool imageHolds(const TextMatch &word, std::size_t index, const QString &image)
    {
        Image &last = images[index];
        if (last.text != image.constData()) {
            last = { image.constData(), word.isIn(image) };
        }
        return last.holds;
    }
    bool stateHolds(const TextMatch &word, std::size_t index, const domain::Lifecycle &life)
    {
        if (life.state.isUnknown() || (life.health.isUnknown() && !life.health.text().isEmpty()))
            return word.isIn(domain::shownState(life));
        const int key
            = static_cast<int>(life.state.known()) * 16 + static_cast<int>(life.health.known());
        State &last = states[index];
        if (last.key != key)
            last = { key, word.isIn(domain::shownState(life)) };
        return last.holds;
    }

    struct Image
    {
        const QChar *text = nullptr;
        bool holds = false;
    };
    struct State
    {
        int key = -1;
        bool holds = false;
    };
    std::vector<Image> images; // one for each word
    std::vector<State> states;
};

} // namespace faultline::models
